using System.Globalization;
using Inr.Files;
using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>The posed pictures of one scene: <c>transforms_train.json</c> of the synthetic NeRF data sets or <c>transforms.json</c> of instant-ngp and nerfstudio, beside folders of images.</summary>
/// <remarks>
/// Transparent pixels are composited over white; <see cref="Opacity"/> keeps where they were. A picture that is missing or
/// cannot be read is left out and listed in <see cref="Skipped"/>. Poses of <see cref="Views"/> are in the units of
/// <see cref="Space"/>, those of <see cref="Cameras"/> in the world, as the file has them.
/// </remarks>
public sealed class NerfScene : IDisposable
{
    // Of a pixel: colors and alpha, and while it is fitted its ray, twice for a moment.
    private const long BytesPerPixel = 96;

    private NerfScene(PosedViews views, Tensor opacity, IReadOnlyList<SceneCamera> cameras, SceneSpace space, IReadOnlyList<SkippedSignal> skipped, IReadOnlyList<string> notes)
    {
        Views = views;
        Opacity = opacity.DetachFromDisposeScope();
        Cameras = cameras;
        Space = space;
        Names = [.. cameras.Select(c => c.Name)];
        Skipped = skipped;
        Notes = notes;
    }

    /// <summary>The views, as those of one scene: images [1,V,H,W,3], with poses in the units of <see cref="Space"/>.</summary>
    public PosedViews Views { get; }

    /// <summary>Shape [V,H,W]: the alpha channel of the pictures, in [0,1]; 1 where a picture has none.</summary>
    public Tensor Opacity { get; }

    /// <summary>The cameras of the views, with poses as the file has them.</summary>
    public IReadOnlyList<SceneCamera> Cameras { get; }

    /// <summary>Where the scene lies in the world of its cameras.</summary>
    public SceneSpace Space { get; }

    /// <summary>The number of views V.</summary>
    public int Count => Names.Count;

    /// <summary>The paths of the pictures, as the file names them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The pictures that were left out, each with the reason.</summary>
    public IReadOnlyList<SkippedSignal> Skipped { get; }

    /// <summary>What the file of poses says and is not followed, a sentence each: names that nothing is done with, such as <c>mask_path</c>, and a cube that holds more than is seen.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>How the finest of the pictures stores its samples, which pictures of a fitted scene are written in; null where no file says it.</summary>
    public SampleFormat? Format { get; private init; }

    /// <summary>The files that a scene consists of, as full paths: those of poses and the pictures that they name and that exist, whichever part they belong to.</summary>
    /// <param name="folder">The folder of the scene.</param>
    /// <exception cref="SignalLoadException">A file of poses cannot be read.</exception>
    public static IReadOnlyList<string> Files(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var files = new List<string>();
        foreach (string poses in Directory.GetFiles(folder, "transforms*.json").Order(StringComparer.Ordinal))
        {
            files.Add(Path.GetFullPath(poses));
            files.AddRange(TransformsFile.Read(poses).Frames.Select(f => ScenePictures.FindOrNull(folder, f.Name)).OfType<string>());
        }

        return [.. files.Distinct(StringComparer.Ordinal)];
    }

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

    /// <summary>Whether a folder holds a scene: a file <c>transforms_train.json</c> or <c>transforms.json</c>.</summary>
    public static bool IsScene(string folder) =>
        File.Exists(Path.Combine(folder, "transforms_train.json")) || File.Exists(Path.Combine(folder, "transforms.json"));

    /// <summary>Whether a scene has a part: a file <c>transforms_{split}.json</c>, or a list <c>{split}_filenames</c> in <c>transforms.json</c>.</summary>
    /// <exception cref="SignalLoadException"><c>transforms.json</c> cannot be read.</exception>
    public static bool HasSplit(string folder, string split) => TransformsFile.Find(folder, split) is not null;

    /// <summary>Loads a part of a scene.</summary>
    /// <param name="folder">The folder of the scene.</param>
    /// <param name="split">The part: <c>train</c>, <c>val</c> or <c>test</c>. All of <c>transforms.json</c> is <c>train</c>, unless it lists other parts.</param>
    /// <param name="size">The longer side to resize to; the aspect stays. Sizes of the files by default.</param>
    /// <param name="limit">The most views, from the first; all by default.</param>
    /// <exception cref="SignalLoadException">The file of poses is missing or damaged, no picture can be read, or sizes differ.</exception>
    public static NerfScene Load(string folder, string split = "train", int? size = null, int? limit = null) =>
        Load(folder, split, new NerfSceneOptions { Size = size is { } side ? ImageSize.Square(side) : null, Limit = limit });

    /// <summary>Loads a part of a scene.</summary>
    /// <param name="folder">The folder of the scene.</param>
    /// <param name="split">The part, as above.</param>
    /// <param name="options">Size, number of views, and where the scene lies.</param>
    /// <param name="cancellationToken">Ends the work between two pictures.</param>
    /// <exception cref="SignalLoadException">The file of poses is missing or damaged, no picture can be read, sizes differ, or nothing says where the scene lies.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static NerfScene Load(string folder, string split, NerfSceneOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(split);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Size is { } size)
            ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(size.Width, size.Height), 1, nameof(options));
        var file = Open(folder, split);
        var notes = file.Notes;
        if (options.Space is not { } space)
        {
            // All parts of a scene lie in one space, that of the part to learn from.
            var leading = split != "train" && HasSplit(folder, "train") ? Open(folder, "train") : file;
            space = SceneSpaceFinder.Find(leading, options);
            notes = SceneSpaceFinder.NoteOn(leading, options) is { } note ? [.. notes, note] : notes;
        }

        return LoadFrames(folder, file, space, notes, options.Limit, picture => options.Size is { } box ? PictureSize.Within(picture, box) : picture, cancellationToken);
    }

    /// <summary>Loads the views that a file of poses lists, in the units of the file.</summary>
    /// <param name="folder">The folder that paths start from.</param>
    /// <param name="path">The file.</param>
    /// <param name="size">Rows and columns, whatever the aspect; pixels stay true, axis by axis. Null: those of the files.</param>
    /// <param name="limit">The most views.</param>
    internal static NerfScene LoadFile(string folder, string path, int? size, int? limit) =>
        LoadFrames(folder, TransformsFile.Read(path), SceneSpace.Standard, [], limit, picture => size is { } side ? ImageSize.Square(side) : picture, default);

    /// <inheritdoc/>
    public void Dispose()
    {
        Views.Dispose();
        Opacity.Dispose();
    }

    private static TransformsFile Open(string folder, string split)
    {
        var (path, part) = TransformsFile.Find(folder, split) ?? (Path.Combine(folder, $"transforms_{split}.json"), null);
        return TransformsFile.Read(path, part);
    }

    private static NerfScene LoadFrames(string folder, TransformsFile file, SceneSpace space, IReadOnlyList<string> notes, int? limit, Func<ImageSize, ImageSize> resize, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var images = new List<Tensor>();
        var opacities = new List<Tensor>();
        var cameras = new List<SceneCamera>();
        var skipped = new List<SkippedSignal>();
        SampleFormat? format = null;
        foreach (var frame in file.Frames)
        {
            if (images.Count == limit)
                break;
            cancellationToken.ThrowIfCancellationRequested();
            (Tensor Image, Tensor Opacity, ImageSize Size, SampleFormat? Format) picture;
            try
            {
                picture = ScenePictures.Load(ScenePictures.Find(folder, frame.Name), resize);
            }
            catch (SignalLoadException e)
            {
                skipped.Add(new SkippedSignal(frame.Name, e.Message));
                continue;
            }

            var camera = frame.Camera(picture.Size);
            cameras.Add(camera with { Intrinsics = camera.Intrinsics.Resized(resize(picture.Size)) });
            RequireSize(file, cameras);
            images.Add(picture.Image);
            opacities.Add(picture.Opacity);
            format = picture.Format?.Bits > (format?.Bits ?? 0) ? picture.Format : format;
        }

        if (images.Count == 0)
            throw new SignalLoadException(file.Path, skipped.Count == 0 ? "it lists no view." : $"none of its {skipped.Count} pictures can be read; the first failure: {skipped[0].Reason}");
        var views = new PosedViews(
            stack(images).unsqueeze(0),
            stack(cameras.Select(c => c.PoseIn(space))).unsqueeze(0),
            Pairs(cameras, c => (c.FocalX, c.FocalY)),
            Pairs(cameras, c => (c.CenterX, c.CenterY)),
            [.. cameras.Select(c => c.Intrinsics.Distortion)]);
        return new NerfScene(views, stack(opacities), cameras, space, skipped, notes) { Format = format };
    }

    private static void RequireSize(TransformsFile file, List<SceneCamera> cameras)
    {
        var (first, last) = (cameras[0], cameras[^1]);
        if (first.Intrinsics.Size != last.Intrinsics.Size)
            throw new SignalLoadException(file.Path, $"its pictures have different sizes: {InputFile.Quote(first.Name)} {first.Intrinsics.Size}, {InputFile.Quote(last.Name)} {last.Intrinsics.Size}. Give a size to resize to; the pictures of a scene must have one aspect.");
        double needed = (double)cameras.Count * first.Intrinsics.Size.PixelCount * BytesPerPixel, free = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > free)
            throw new SignalLoadException(file.Path, string.Create(CultureInfo.InvariantCulture, $"{cameras.Count} of its pictures of {first.Intrinsics.Size} and their rays already take {needed / (1 << 30):0.0} GiB, and this machine has {free / (1 << 30):0.0}. Give a smaller size, or a limit of views."));
    }

    private static Tensor Pairs(List<SceneCamera> cameras, Func<CameraIntrinsics, (double X, double Y)> pair)
    {
        float[] values = [.. cameras.Select(c => pair(c.Intrinsics)).SelectMany(p => (float[])[(float)p.X, (float)p.Y])];
        return tensor(values, [1, cameras.Count, 2]);
    }

    private NerfScene Pick(int[] views)
    {
        using var scope = NewDisposeScope();
        var index = tensor(views.Select(v => (long)v).ToArray(), device: Views.Images.device);
        Tensor Of(Tensor all) => all.index_select(1, index);
        var picked = new PosedViews(Of(Views.Images), Of(Views.Poses), Of(Views.Focals), Of(Views.Centers), [.. views.Select(v => Views.Lenses[v])]);
        return new NerfScene(picked, Opacity.index_select(0, index), [.. views.Select(v => Cameras[v])], Space, Skipped, Notes) { Format = Format };
    }
}
