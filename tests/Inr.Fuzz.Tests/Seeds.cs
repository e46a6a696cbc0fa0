using System.Text;
using Inr.Files;
using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;
using Inr.Testing;

namespace Inr.Fuzz.Tests;

/// <summary>Small valid files of every format.</summary>
internal static class Seeds
{
    /// <summary>Files of the fixtures of another test project.</summary>
    public static byte[][] Fixtures(string project, params string[] names) => [.. names.Select(n => File.ReadAllBytes(Path.Combine(SharedData.RepositoryRoot, "tests", project, "fixtures", n)))];

    /// <summary>Tensors of several types, and text.</summary>
    public static byte[] SafeTensorsFile() => Written(stream =>
    {
        using var scope = NewDisposeScope();
        SafeTensors.Write(stream, new Dictionary<string, Tensor> { ["a"] = ones(2, 3), ["b"] = zeros(4, ScalarType.Bool), ["c"] = zeros(3, ScalarType.Float16), ["d"] = tensor(2.5) }, new Dictionary<string, string> { ["k"] = "v" });
    });

    /// <summary>An array.</summary>
    public static byte[] NpyFile(Tensor array) => Written(stream => Npy.Write(stream, array));

    /// <summary>An archive of arrays.</summary>
    public static byte[] NpzFile() => Written(stream =>
    {
        using var scope = NewDisposeScope();
        Npz.Write(stream, new Dictionary<string, Tensor> { ["x"] = arange(6, dtype: float32).reshape(2, 3), ["n"] = tensor(new[] { 1L, -5L }), ["h"] = ones(2, ScalarType.Float16) });
    });

    /// <summary>A representation of a target function.</summary>
    public static byte[] InrFile(ITargetFunction target) => Written(stream =>
    {
        using var generator = new Generator(1);
        using var representation = new ImplicitRepresentation(target, target.Initialize(generator), SignalDomain.Grid([.. Enumerable.Repeat(4, target.InputDimension)]));
        representation.Save(stream);
    });

    /// <summary>A representation that a fitter of a picture gives.</summary>
    public static byte[] FittedFile(Func<InrBuilder, InrBuilder> use) => Written(stream =>
    {
        using var image = Picture();
        using var inr = use(InrBuilder.ForImages(channels: 3)).Build();
        using var fit = inr.Fit(image);
        fit.Representation.Save(stream);
    });

    /// <summary>A trained-like learner.</summary>
    public static byte[] LearnerFile(Func<InrBuilder, MetaLearnerBuilder> use) => FromFile(".learner", path =>
    {
        using var learner = use(InrBuilder.ForImages(channels: 3, size: 8).UseSiren(o => o with { Width = 6, HiddenLayers = 1 })).Build();
        learner.Save(path);
    });

    /// <summary>A sound.</summary>
    public static byte[] WavFile(WavFormat format) => FromFile(".wav", path =>
    {
        using var scope = NewDisposeScope();
        using var sound = Signal.FromGrid(linspace(-1, 1, 40).reshape(40, 1), [40]);
        sound.SaveWav(path, 8000, format);
    });

    /// <summary>A picture.</summary>
    public static byte[] PngFile(int bitDepth) => FromFile(".png", path =>
    {
        using var image = Picture();
        image.SavePng(path, bitDepth);
    });

    /// <summary>A radiance field.</summary>
    public static byte[] FieldFile() => InrFile(new NerfMlp(new NerfMlpOptions { Depth = 3, Width = 8, EncodingSize = 4 }));

    /// <summary>Two views of a scene.</summary>
    public static byte[] SceneJson() => Encoding.UTF8.GetBytes("""
        {"camera_angle_x": 0.69, "fl_x": 5.5, "cx": 2, "cy": 2, "w": 4, "h": 4, "aabb_scale": 2, "frames": [
          {"file_path": "./train/r_0", "rotation": 0.01, "transform_matrix": [[1,0,0,0],[0,1,0,0.5],[0,0,1,4],[0,0,0,1]]},
          {"file_path": "./train/r_1.png", "transform_matrix": [[0.8,0,0.6,2.4],[0,1,0,0],[-0.6,0,0.8,3.2],[0,0,0,1]]}]}
        """);

    /// <summary>Two views as programs that find cameras describe them: a lens for each, parts, bounds.</summary>
    public static byte[] CapturedSceneJson() => Encoding.UTF8.GetBytes("""
        {"camera_model": "OPENCV", "fl_x": 9.5, "fl_y": 9, "cx": 4.1, "cy": 3.9, "w": 8, "h": 8, "k1": 0.02, "k2": -0.01, "p1": 0.001, "p2": 0,
         "aabb_scale": 4, "scale": 0.5, "offset": [0.5, 0.5, 0.5], "near": 1, "far": 7, "train_filenames": ["train/r_0.png", "train\\r_1.png"], "test_filenames": ["train/r_2.png"],
         "frames": [
          {"file_path": "train/r_0.png", "is_fisheye": true, "k1": 0.1, "transform_matrix": [[1,0,0,0],[0,1,0,0.5],[0,0,1,4],[0,0,0,1]]},
          {"file_path": "train\\r_1.png", "x_fov": 60, "distortion_params": [0.01, 0, 0, 0, 0, 0], "transform_matrix": [[0.8,0,0.6,2.4],[0,1,0,0],[-0.6,0,0.8,3.2]]}]}
        """);

    private static Signal Picture()
    {
        using var scope = NewDisposeScope();
        return Signal.FromGrid(linspace(0, 1, 8 * 8 * 3).reshape(8, 8, 3).sin().abs(), [8, 8]);
    }

    private static byte[] Written(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    private static byte[] FromFile(string ending, Action<string> write)
    {
        string path = Path.Combine(Path.GetTempPath(), $"inr-fuzz-{Guid.NewGuid():N}{ending}");
        write(path);
        byte[] content = File.ReadAllBytes(path);
        File.Delete(path);
        return content;
    }
}
