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
using TorchSharp;

namespace Inr.Cli.Commands;

/// <summary><c>inr render F.inr --size WxH --out F.png</c>: renders a picture or a sound at any size; of a scene, cameras on a circle around it.</summary>
internal sealed class RenderVerb : Verb
{
    // The size of picture that the library reads by default as well: 8192 squared.
    private const long MostPixels = 1L << 26;
    private const int MostViews = 10_000;
    // Where neither the file nor the user says how many moments a second has: that of a CD.
    private const int UsualRate = 44_100;
    // The field of view of the synthetic NeRF scenes, in radians.
    private const double CameraAngle = 0.6911112;

    private readonly Argument<string> _file = new("file") { Description = "An .inr file.", HelpName = "F.inr" };
    private readonly Option<string?> _size = new("--size") { Description = "Width and height in pixels, such as 1920x1080; of a sound, the number of samples. The signal's own by default; scenes need it.", HelpName = "WxH" };
    private readonly Option<string> _out = new("--out") { Description = "The .png file to write, with the bits of the source; of a sound, the .wav file.", HelpName = "F.png", Required = true };
    private readonly Option<int?> _rate = new("--rate") { Description = $"Sounds: samples per second; those of the source by default, {UsualRate} where the file does not know them.", HelpName = "HZ" };
    private readonly Option<int?> _orbit = new("--orbit") { Description = "Scenes: this many pictures from around it, as F-000.png, F-001.png, …; one picture F.png by default.", HelpName = "N" };

    /// <summary>Describes the verb.</summary>
    public RenderVerb()
        : base("render", "Renders an .inr file as a picture or a sound of any size.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_file, _size, _out, _rate, _orbit];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        string path = arguments.GetRequiredValue(_file);
        string picture = arguments.GetRequiredValue(_out);
        string? size = arguments.GetValue(_size);
        OutputFile.Check(_out.Name, picture, SignalOutput.Picture, SignalOutput.Sound);
        OutputFile.RequireDistinct(path, (_out.Name, picture), (CommonOptions.Json.Name, context.JsonPath));
        int? orbit = arguments.GetValue(_orbit);
        int? rate = arguments.GetValue(_rate);
        Require.AtLeast(_orbit.Name, orbit, 1);
        Require.AtLeast(_rate.Name, rate, 1);
        var info = InrFile.ReadInfo(path);
        bool isScene = info.Kind == NerfMlp.Kind;
        bool isSound = !isScene && info.Domain.Dimension == 1;
        if (!isScene && info.Domain.Dimension > 2)
            throw CliException.Failed($"'{path}' holds a signal of {info.Domain.Dimension} axes ({info.Domain}); only sounds, of 1 axis, and pictures, of 2 axes, can be rendered.");
        OutputFile.Check(_out.Name, picture, isSound ? SignalOutput.Sound : SignalOutput.Picture);
        if (isScene)
            return RenderScene(context, path, picture, ParseSize(size ?? throw CliException.BadUsage($"{_size.Name} is required for a scene, such as 400x400.")), orbit);
        if (orbit is not null)
            context.Terminal.WriteLine($"note: {_orbit.Name} has no meaning for a {(isSound ? "sound" : "picture")} and is not used.");
        if (rate is not null && !isSound)
            context.Terminal.WriteLine($"note: {_rate.Name} has no meaning for a picture and is not used.");
        if (size is null && !info.Domain.IsGrid)
            throw CliException.BadUsage($"{_size.Name} is required: '{path}' was fitted to scattered samples and has no size of its own.");
        int[] shape = size is null ? [.. info.Domain.GridShape]
            : isSound ? [ParseCount(size)]
            : ParseSize(size) is var (width, height) ? [height, width] : [];

        using var representation = ImplicitRepresentation.Load(path, context.Device.Resolve());
        var clock = Stopwatch.StartNew();
        using var rendered = representation.Render(shape);
        double seconds = clock.Elapsed.TotalSeconds;
        if (isSound && rate is null && rendered.Format is not { SampleRate: > 0 })
        {
            rate = UsualRate;
            context.Terminal.WriteLine($"note: '{path}' does not know how many samples a second has; {UsualRate} are written. {_rate.Name} says another number.");
        }

        SignalOutput.Save(rendered, picture, context.Terminal, rate);
        context.Terminal.WriteLine($"rendered {(isSound ? Text.Count(shape[0], "sample") : $"{shape[1]}×{shape[0]}")} in {Text.Milliseconds(seconds)} ms: {picture}");
        ReportFile.WriteJson(context.JsonPath, new ReportRow
        {
            Target = representation.Target.Description.Kind,
            Floats = representation.FloatCount,
            StoredBytes = new FileInfo(path).Length,
            RenderSeconds = seconds,
            Device = context.DeviceName,
            Threads = context.Threads,
        });
        return ExitCodes.Done;
    }

    private static int RenderScene(RunContext context, string path, string picture, (int Width, int Height) size, int? orbit)
    {
        if (orbit > MostViews)
            throw CliException.Failed($"--orbit is {orbit}; it is at most {MostViews}.");
        int count = orbit ?? 1;
        string[] files = orbit is null ? [picture] : [.. Enumerable.Range(0, count).Select(i => Numbered(picture, i))];
        OutputFile.RequireDistinct(path, [.. files.Select(f => ("--orbit", (string?)f)), (CommonOptions.Json.Name, context.JsonPath)]);
        using var representation = ImplicitRepresentation.Load(path, context.Device.Resolve());
        using var poses = CameraOrbit.Poses(count);
        using var focals = torch.full([count, 2], (float)CameraRays.FocalLength(CameraAngle, size.Width));
        var clock = Stopwatch.StartNew();
        int done = 0;
        try
        {
            foreach (var rendered in new NerfSceneFitter().Render(representation, poses, focals, size.Height, size.Width, context.Cancellation))
            {
                SceneFit.SavePicture(rendered, files[done]);
                context.Terminal.WriteLine($"rendered {files[done++]}");
            }
        }
        catch (OperationCanceledException)
        {
            throw CliException.Failed($"Cancelled after {Text.Count(done, "picture")}.");
        }

        double seconds = clock.Elapsed.TotalSeconds;
        ReportFile.WriteJson(context.JsonPath, new ReportRow
        {
            Target = representation.Target.Description.Kind,
            Floats = representation.FloatCount,
            StoredBytes = new FileInfo(path).Length,
            RenderSeconds = seconds / count,
            Device = context.DeviceName,
            Threads = context.Threads,
        });
        return ExitCodes.Done;
    }

    private static string Numbered(string picture, int index) =>
        Path.Combine(Path.GetDirectoryName(picture) ?? "", string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(picture)}-{index:000}{Path.GetExtension(picture)}"));

    private static (int Width, int Height) ParseSize(string text)
    {
        string[] parts = text.Split('x', 'X', '×');
        if (parts.Length != 2 || !TryParse(parts[0], out long width) || !TryParse(parts[1], out long height))
            throw CliException.BadUsage($"--size is '{text}'; it must be WIDTHxHEIGHT, such as 640x480.");
        if (width < 1 || height < 1)
            throw CliException.Failed($"--size is {text}; both sides must be at least 1.");
        if (width > MostPixels || height > MostPixels || width * height > MostPixels)
            throw CliException.Failed($"--size is {text}; a picture has at most {MostPixels} pixels, such as 8192x8192.");
        return ((int)width, (int)height);
    }

    private static int ParseCount(string text)
    {
        if (!TryParse(text, out long count))
            throw CliException.BadUsage($"--size is '{text}'; of a sound it is the number of samples, such as 44100.");
        return count is >= 1 and <= MostPixels ? (int)count : throw CliException.Failed($"--size is {text}; a sound has 1 to {MostPixels} samples.");
    }

    private static bool TryParse(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
