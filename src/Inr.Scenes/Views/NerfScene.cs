using System.Globalization;
using System.Text.Json;
using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>The posed pictures of one scene, in the format of the synthetic NeRF data sets: <c>transforms_train.json</c> beside folders of images.</summary>
/// <remarks>
/// Transparent pixels are composited over white; <see cref="Opacity"/> keeps where they were. A picture that is missing or
/// cannot be read is left out and listed in <see cref="Skipped"/>.
/// </remarks>
public sealed class NerfScene : IDisposable
{
    private const long MaxJsonBytes = 64L << 20;
    private const int MaxFrames = 100_000;

    private NerfScene(PosedViews views, Tensor opacity, IReadOnlyList<string> names, IReadOnlyList<SkippedSignal> skipped)
    {
        Views = views;
        Opacity = opacity.DetachFromDisposeScope();
        Names = names;
        Skipped = skipped;
    }

    /// <summary>The views, as those of one scene: images [1,V,H,W,3].</summary>
    public PosedViews Views { get; }

    /// <summary>Shape [V,H,W]: the alpha channel of the pictures, in [0,1]; 1 where a picture has none.</summary>
    public Tensor Opacity { get; }

    /// <summary>The number of views V.</summary>
    public int Count => Names.Count;

    /// <summary>The paths of the pictures, as the file names them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The pictures that were left out, each with the reason.</summary>
    public IReadOnlyList<SkippedSignal> Skipped { get; }

    /// <summary>Sets every n-th view aside, beginning with the first, as is usual where a scene has no test views of its own.</summary>
    /// <param name="every">At least 2; 8 is usual.</param>
    /// <returns>The other views, and those set aside; the caller owns both, and this scene stays as it is.</returns>
    /// <exception cref="ArgumentException">There are fewer than 2 views.</exception>
    public (NerfScene Others, NerfScene HeldOut) HoldOut(int every = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 2);
        if (Count < 2)
            throw new ArgumentException($"A scene of {Count} view has none to set aside; it needs 2.");
        var all = Enumerable.Range(0, Count);
        return (Pick([.. all.Where(i => i % every != 0)]), Pick([.. all.Where(i => i % every == 0)]));
    }

    /// <summary>Whether a folder holds a scene: a file <c>transforms_train.json</c>.</summary>
    public static bool IsScene(string folder) => File.Exists(Path.Combine(folder, "transforms_train.json"));

    /// <summary>Loads a part of a scene.</summary>
    /// <param name="folder">The folder of the scene.</param>
    /// <param name="split">The part: <c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <param name="size">Rows and columns to resize to; those of the files by default.</param>
    /// <param name="limit">The most views, from the first; all by default.</param>
    /// <exception cref="SignalLoadException">The file of poses is missing or damaged, no picture can be read, or sizes differ.</exception>
    public static NerfScene Load(string folder, string split = "train", int? size = null, int? limit = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(split);
        if (size is { } s)
            ArgumentOutOfRangeException.ThrowIfLessThan(s, 1, nameof(size));
        return LoadFile(folder, Path.Combine(folder, $"transforms_{split}.json"), size, limit);
    }

    /// <summary>Loads the views that a file of poses lists.</summary>
    internal static NerfScene LoadFile(string folder, string path, int? size, int? limit)
    {
        var (angle, frames) = Read(path);
        using var scope = NewDisposeScope();
        var images = new List<Tensor>();
        var opacities = new List<Tensor>();
        var poses = new List<Tensor>();
        var names = new List<string>();
        var skipped = new List<SkippedSignal>();
        foreach (var (name, pose) in frames)
        {
            if (images.Count == limit)
                break;
            try
            {
                var (image, opacity) = LoadPicture(PicturePath(folder, name), size);
                images.Add(image);
                opacities.Add(opacity);
                poses.Add(tensor(pose, [3, 4], device: CPU));
                names.Add(name);
            }
            catch (SignalLoadException e)
            {
                skipped.Add(new SkippedSignal(name, e.Message));
            }
        }

        if (images.Count == 0)
            throw new SignalLoadException(path, skipped.Count == 0 ? "it lists no view." : $"none of its {skipped.Count} pictures can be read; the first failure: {skipped[0].Reason}");
        if (images.Any(i => !i.shape.SequenceEqual(images[0].shape)))
            throw new SignalLoadException(path, "its pictures have different sizes; give a size to resize to.");

        float focal = (float)CameraRays.FocalLength(angle, (int)images[0].shape[1]);
        var views = new PosedViews(stack(images).unsqueeze(0), stack(poses).unsqueeze(0), full([1, images.Count, 2], focal, device: CPU));
        return new NerfScene(views, stack(opacities), names, skipped);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Views.Dispose();
        Opacity.Dispose();
    }

    private NerfScene Pick(int[] views)
    {
        using var scope = NewDisposeScope();
        var index = tensor(views.Select(v => (long)v).ToArray(), device: Views.Images.device);
        var picked = new PosedViews(Views.Images.index_select(1, index), Views.Poses.index_select(1, index), Views.Focals.index_select(1, index));
        return new NerfScene(picked, Opacity.index_select(0, index), [.. views.Select(v => Names[v])], Skipped);
    }

    // Color over white and alpha are resized apart: colors beneath transparent pixels mean nothing.
    private static (Tensor Image, Tensor Opacity) LoadPicture(string path, int? size)
    {
        var options = new ImageLoadOptions { Channels = 3, Size = size is { } n ? ImageSize.Square(n) : null };
        using var image = ImageSignal.Load(path, options);
        using var withAlpha = ImageSignal.Load(path, options with { Channels = 4 });
        return (image.Values.reshape(image.Height(), image.Width(), 3).clone(),
            withAlpha.Values.select(-1, 3).reshape(image.Height(), image.Width()).clamp(0, 1));
    }

    private static (double Angle, List<(string Name, float[] Pose)> Frames) Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxJsonBytes)
                throw new SignalLoadException(path, $"it is larger than {MaxJsonBytes} bytes.");
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            double angle = json.RootElement.GetProperty("camera_angle_x").GetDouble();
            if (!(angle is > 0 and < Math.PI))
                throw new SignalLoadException(path, $"its camera_angle_x is {angle.ToString(CultureInfo.InvariantCulture)}; it lies between 0 and π.");
            var frames = json.RootElement.GetProperty("frames");
            if (frames.GetArrayLength() > MaxFrames)
                throw new SignalLoadException(path, $"it lists more than {MaxFrames} views.");
            return (angle, [.. frames.EnumerateArray().Select(f => (f.GetProperty("file_path").GetString() ?? "", Pose(f.GetProperty("transform_matrix"))))]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new SignalLoadException(path, e.Message, e);
        }
    }

    private static float[] Pose(JsonElement matrix)
    {
        var pose = new float[12];
        for (int i = 0; i < 12; i++)
        {
            pose[i] = matrix[i / 4][i % 4].GetSingle();
            if (!float.IsFinite(pose[i]))
                throw new FormatException("a pose holds a number that is not finite.");
        }

        return pose;
    }

    // Names come without an extension, and a hostile one must not leave the folder.
    private static string PicturePath(string folder, string name)
    {
        string root = Path.GetFullPath(folder + Path.DirectorySeparatorChar);
        string path = Path.GetFullPath(Path.Combine(root, name));
        if (!path.StartsWith(root, StringComparison.Ordinal))
            throw new SignalLoadException(name, "it lies outside the folder of the scene.");
        return Path.HasExtension(path) ? path : path + ".png";
    }
}
