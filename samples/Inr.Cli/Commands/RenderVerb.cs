using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Inr.Cli.Fitting;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;

namespace Inr.Cli.Commands;

/// <summary><c>inr render F.inr --size WxH --out F.png</c>: renders a representation at any size; of a scene, cameras on a circle around it.</summary>
internal sealed class RenderVerb : Verb
{
    // The size of picture that the library reads by default as well: 8192 squared.
    private const long MostPixels = 1L << 26;
    private const int MostViews = 10_000;
    // Where neither the file nor the user says how many samples a second has: that of a CD.
    private const int UsualRate = 44_100;

    private readonly Argument<string> _file = new("file") { Description = "An .inr file.", HelpName = "F.inr" };
    private readonly Option<string?> _size = new("--size") { Description = "Width and height in pixels, such as 1920x1080, or the number of samples of a sound; the signal's own by default. Scenes need it; with --cameras the box that their pictures fit in, their own size by default.", HelpName = "WxH" };
    private readonly Option<string> _out = new("--out") { Description = "The .png file to write, of a sound the .wav file, as fine as the source was stored.", HelpName = "F.png", Required = true };
    private readonly Option<int?> _rate = new("--rate") { Description = $"Sounds: samples per second; those of the source by default, {UsualRate} where the file does not know them.", HelpName = "HZ" };
    private readonly Option<int?> _orbit = new("--orbit") { Description = "Scenes: this many pictures from around it, as F-000.png, F-001.png, …; one picture F.png by default.", HelpName = "N" };
    private readonly Option<string?> _cameras = new("--cameras") { Description = "Scenes: render from the cameras of this scene folder or file of poses, as F-000.png, F-001.png, …", HelpName = "PATH" };
    private readonly Option<int?> _view = new("--view") { Description = "Scenes: of --cameras the N-th alone, counted from 0, as F.png.", HelpName = "N" };

    /// <summary>Describes the verb.</summary>
    public RenderVerb()
        : base("render", "Renders an .inr file as a picture or a sound of any size.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_file, _size, _out, _rate, _orbit, _cameras, _view];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        string path = arguments.GetRequiredValue(_file);
        string picture = arguments.GetRequiredValue(_out);
        string? cameras = arguments.GetValue(_cameras);
        int? view = arguments.GetValue(_view);
        string? size = arguments.GetValue(_size);
        OutputFile.Check(_out.Name, picture, SignalOutput.Picture, SignalOutput.Sound);
        OutputFile.RequireDistinct(path, (_out.Name, picture), (CommonOptions.Json.Name, context.Json.Path));
        int? orbit = arguments.GetValue(_orbit);
        Require.AtLeast(_orbit.Name, orbit, 1);
        Require.AtLeast(_view.Name, view, 0);
        int? rate = arguments.GetValue(_rate);
        Require.AtLeast(_rate.Name, rate, 1);
        if (view is not null && cameras is null)
            throw CliException.BadUsage("--view needs --cameras: the folder or file that has the cameras.");
        if (orbit is not null && cameras is not null)
            throw CliException.BadUsage("--orbit and --cameras exclude each other.");
        var info = InrFile.ReadInfo(path);
        if (info.Kind == NerfMlp.Kind)
        {
            OutputFile.Check(_out.Name, picture, SignalOutput.Picture);
            if (size is null && cameras is null)
                throw CliException.BadUsage($"Option '{_size.Name}' is required for a scene.");
            return RenderScene(context, path, picture, size is null ? null : ParseSize(size), orbit, cameras, view);
        }

        if (info.Domain.Dimension > 2)
            throw CliException.Failed($"'{path}' holds a signal of {info.Domain.Dimension} axes ({info.Domain}); only sounds, of 1 axis, and pictures, of 2 axes, can be rendered.");
        bool isSound = info.Domain.Dimension == 1;
        OutputFile.Check(_out.Name, picture, isSound ? SignalOutput.Sound : SignalOutput.Picture);
        foreach (var (name, used) in new[] { (_orbit.Name, orbit is not null), (_cameras.Name, cameras is not null), (_view.Name, view is not null), (_rate.Name, rate is not null && !isSound) })
        {
            if (used)
                context.Terminal.WriteLine($"note: {name} has no meaning for a {(isSound ? "sound" : "picture")} and is not used.");
        }

        if (size is null && !info.Domain.IsGrid)
            throw CliException.BadUsage($"Option '{_size.Name}' is required: '{path}' was fitted to scattered samples and has no size of its own.");
        int[] shape = size is null ? [.. info.Domain.GridShape]
            : isSound ? [ParseCount(size)]
            : ParseSize(size) is var (height, width) ? [height, width] : [];

        using var representation = ImplicitRepresentation.Load(path, context.Device.Resolve());
        var clock = Stopwatch.StartNew();
        using var rendered = representation.Render(shape, context.Cancellation);
        double seconds = clock.Elapsed.TotalSeconds;
        if (isSound && rate is null && rendered.Format is not { SampleRate: > 0 })
        {
            rate = UsualRate;
            context.Terminal.WriteLine($"note: '{path}' does not know how many samples a second has; {UsualRate} are written. {_rate.Name} says another number.");
        }

        SignalOutput.Save(rendered, picture, context.Terminal, rate, context.Cancellation);
        context.Terminal.WriteLine($"rendered {(isSound ? Text.Count(shape[0], "sample") : $"{shape[1]}×{shape[0]}")} in {Text.Milliseconds(seconds)} ms: {picture}");
        context.Json.Write(new ReportRow
        {
            Target = representation.Target.Description.Kind,
            Floats = representation.FloatCount,
            Bits = representation.BitCount,
            StoredBytes = new FileInfo(path).Length,
            RenderSeconds = seconds,
            Device = context.DeviceName,
            Threads = context.Threads,
        });
        return ExitCodes.Done;
    }

    private static int RenderScene(RunContext context, string path, string picture, ImageSize? size, int? orbit, string? cameraPath, int? view)
    {
        if (orbit > MostViews)
            throw CliException.Failed($"--orbit is {orbit}; it is at most {MostViews}.");
        using var representation = ImplicitRepresentation.Load(path, context.Device.Resolve());
        var cameras = cameraPath is null
            ? CameraOrbit.Cameras(((NerfMlp)representation.Target).Space, orbit ?? 1, size!.Value)
            : Chosen(cameraPath, view, size);
        bool single = cameraPath is null ? orbit is null : view is not null;
        string[] files = single ? [picture] : [.. Enumerable.Range(0, cameras.Count).Select(i => Numbered(picture, i))];
        if (cameraPath is not null)
            OutputFile.RequireOutside(SceneFit.FilesOf(cameraPath), [.. files.Select(f => ("--out", (string?)f))]);
        OutputFile.RequireDistinct(path, [.. files.Select(f => (single ? "--out" : cameraPath is null ? "--orbit" : "--cameras", (string?)f)), (CommonOptions.Json.Name, context.Json.Path)]);
        var clock = Stopwatch.StartNew();
        int done = 0;
        try
        {
            foreach (var rendered in new NerfSceneFitter().Render(representation, cameras, context.Cancellation))
            {
                SceneFit.SavePicture(rendered, files[done], representation.Format);
                context.Terminal.WriteLine($"rendered {files[done++]}");
            }
        }
        catch (OperationCanceledException)
        {
            throw CliException.Failed($"Cancelled after {Text.Count(done, "picture")}.");
        }

        double seconds = clock.Elapsed.TotalSeconds;
        context.Json.Write(new ReportRow
        {
            Target = representation.Target.Description.Kind,
            Floats = representation.FloatCount,
            Bits = representation.BitCount,
            StoredBytes = new FileInfo(path).Length,
            RenderSeconds = seconds / cameras.Count,
            Device = context.DeviceName,
            Threads = context.Threads,
        });
        return ExitCodes.Done;
    }

    private static IReadOnlyList<SceneCamera> Chosen(string path, int? view, ImageSize? size)
    {
        var cameras = SceneCamera.Read(path);
        if (view >= cameras.Count)
            throw CliException.Failed($"--view is {view}; '{path}' has {Text.Count(cameras.Count, "view")}, counted from 0.");
        if (view is { } index)
            cameras = [cameras[index]];
        if (size is { } box)
            cameras = [.. cameras.Select(c => c.Fitting(box))];
        return cameras.FirstOrDefault(c => c.Intrinsics.Size.PixelCount > MostPixels) is { } large
            ? throw CliException.Failed($"The pictures of '{large.Name}' have {large.Intrinsics.Size} pixels, more than {MostPixels}; give a --size.")
            : cameras;
    }

    private static string Numbered(string picture, int index) =>
        Path.Combine(Path.GetDirectoryName(picture) ?? "", string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(picture)}-{index:000}{Path.GetExtension(picture)}"));

    private static int ParseCount(string text)
    {
        if (NumberText.ReadWhole(text, long.MaxValue, out long count) is not null)
            throw CliException.BadUsage($"--size is '{text}'; of a sound it is the number of samples, such as 44100.");
        return count is >= 1 and <= MostPixels ? (int)count : throw CliException.Failed($"--size is {text}; a sound has 1 to {MostPixels} samples.");
    }

    private static ImageSize ParseSize(string text)
    {
        string[] parts = text.Split('x', 'X', '×');
        if (parts.Length != 2 || NumberText.ReadWhole(parts[0], long.MaxValue, out long width) is not null || NumberText.ReadWhole(parts[1], long.MaxValue, out long height) is not null)
            throw CliException.BadUsage($"--size is '{text}'; it must be WIDTHxHEIGHT, such as 640x480.");
        if (width < 1 || height < 1)
            throw CliException.Failed($"--size is {text}; both sides must be at least 1.");
        if (width > MostPixels || height > MostPixels || width * height > MostPixels)
            throw CliException.Failed($"--size is {text}; a picture has at most {MostPixels} pixels, such as 8192x8192.");
        return new ImageSize((int)height, (int)width);
    }
}
