using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>A camera in the world of a scene: what a file of poses says about one picture.</summary>
public sealed record SceneCamera
{
    /// <summary>Creates a camera.</summary>
    /// <param name="name">What the file of poses calls the picture.</param>
    /// <param name="intrinsics">How directions become pixels.</param>
    /// <param name="pose">Twelve numbers, row by row of [3,4]: columns right, up, backward, position, in the world.</param>
    /// <exception cref="ArgumentException">The pose has another number of numbers.</exception>
    public SceneCamera(string name, CameraIntrinsics intrinsics, IReadOnlyList<double> pose)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(intrinsics);
        ArgumentNullException.ThrowIfNull(pose);
        if (pose.Count != 12)
            throw new ArgumentException($"A pose has 12 numbers, three rows of four; it has {pose.Count}.", nameof(pose));
        Name = name;
        Intrinsics = intrinsics;
        Pose = pose;
    }

    /// <summary>What the file of poses calls the picture.</summary>
    public string Name { get; }

    /// <summary>How directions become pixels.</summary>
    public CameraIntrinsics Intrinsics { get; init; }

    /// <summary>Twelve numbers, row by row of [3,4]: columns right, up, backward, position, in the world.</summary>
    public IReadOnlyList<double> Pose { get; }

    /// <summary>Reads the cameras of a scene. Pictures are opened only where the file does not say their size.</summary>
    /// <param name="path">The folder of a scene, of which the part to learn from is read, or a file of poses.</param>
    /// <returns>The cameras, in the order of the file.</returns>
    /// <exception cref="SignalLoadException">The file is missing or damaged, or does not say the size of a picture that cannot be read.</exception>
    public static IReadOnlyList<SceneCamera> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool isFolder = Directory.Exists(path);
        var (file, part) = !isFolder
            ? (path, null)
            : TransformsFile.Find(path, "train") ?? throw new SignalLoadException(path, "there is neither transforms_train.json nor transforms.json in it.");
        string folder = isFolder ? path : Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        ImageSize SizeOf(TransformsFrame frame) => frame.Lens.Size ?? ScenePictures.SizeOf(ScenePictures.Find(folder, frame.Name));
        return [.. TransformsFile.Read(file, part).Frames.Select(f => f.Camera(SizeOf(f)))];
    }

    /// <summary>The same camera for pictures that are resized to fit in a size; their aspect stays.</summary>
    public SceneCamera Fitting(ImageSize box) => this with { Intrinsics = Intrinsics.Resized(PictureSize.Within(Intrinsics.Size, box)) };

    /// <summary>The place at which a point of the world is seen.</summary>
    /// <returns>Column and row; NaN where the camera cannot see it.</returns>
    public (double Column, double Row) Project(double x, double y, double z)
    {
        double[] d = [x - Pose[3], y - Pose[7], z - Pose[11]];
        double Along(int axis) => d[0] * Pose[axis] + d[1] * Pose[4 + axis] + d[2] * Pose[8 + axis];
        return Intrinsics.Project(Along(0), Along(1), Along(2));
    }

    /// <summary>The pose in the units of a scene: [3,4], float32.</summary>
    internal Tensor PoseIn(SceneSpace space)
    {
        float At(int i) => i % 4 < 3 ? (float)Pose[i] : (float)((Pose[i] - Center(space, i / 4)) * space.Scale);
        return tensor([.. Enumerable.Range(0, 12).Select(At)], [3, 4]);
    }

    private static double Center(SceneSpace space, int axis) => axis switch
    {
        0 => space.CenterX,
        1 => space.CenterY,
        _ => space.CenterZ,
    };
}
