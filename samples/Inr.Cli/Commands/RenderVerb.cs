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

/// <summary><c>inr render F.inr --size WxH --out F.png</c>: renders a representation at any size; of a scene, cameras on a circle around it.</summary>
internal sealed class RenderVerb : Verb
{
    // The size of picture that the library reads by default as well: 8192 squared.
    private const long MostPixels = 1L << 26;
    private const int MostViews = 10_000;
    // The field of view of the synthetic NeRF scenes, in radians.
    private const double CameraAngle = 0.6911112;

    private readonly Argument<string> _file = new("file") { Description = "An .inr file.", HelpName = "F.inr" };
    private readonly Option<string> _size = new("--size") { Description = "Width and height in pixels, such as 1920x1080.", HelpName = "WxH", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "The .png file to write.", HelpName = "F.png", Required = true };
    private readonly Option<int?> _orbit = new("--orbit") { Description = "Scenes: this many pictures from around it, as F-000.png, F-001.png, …; one picture F.png by default.", HelpName = "N" };

    /// <summary>Describes the verb.</summary>
    public RenderVerb()
        : base("render", "Renders an .inr file as a picture of any size.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_file, _size, _out, _orbit];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        string path = arguments.GetRequiredValue(_file);
        string picture = arguments.GetRequiredValue(_out);
        var (width, height) = ParseSize(arguments.GetRequiredValue(_size));
        OutputFile.Check(_out.Name, picture, ".png");
        OutputFile.RequireDistinct(path, (_out.Name, picture), (CommonOptions.Json.Name, context.Json.Path));
        int? orbit = arguments.GetValue(_orbit);
        Require.AtLeast(_orbit.Name, orbit, 1);
        var info = InrFile.ReadInfo(path);
        if (info.Kind == NerfMlp.Kind)
            return RenderScene(context, path, picture, (width, height), orbit);
        if (orbit is not null)
            context.Terminal.WriteLine($"note: {_orbit.Name} has no meaning for a picture and is not used.");
        if (info.Domain.Dimension != 2)
            throw CliException.Failed($"'{path}' holds a signal of {info.Domain.Dimension} axes ({info.Domain}); only pictures, of 2 axes, can be rendered as PNG.");

        using var representation = ImplicitRepresentation.Load(path, context.Device.Resolve());
        var clock = Stopwatch.StartNew();
        using var rendered = representation.Render(height, width);
        double seconds = clock.Elapsed.TotalSeconds;
        rendered.SavePng(picture);
        context.Terminal.WriteLine($"rendered {width}×{height} in {Text.Milliseconds(seconds)} ms: {picture}");
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

    private static int RenderScene(RunContext context, string path, string picture, (int Width, int Height) size, int? orbit)
    {
        if (orbit > MostViews)
            throw CliException.Failed($"--orbit is {orbit}; it is at most {MostViews}.");
        int count = orbit ?? 1;
        string[] files = orbit is null ? [picture] : [.. Enumerable.Range(0, count).Select(i => Numbered(picture, i))];
        OutputFile.RequireDistinct(path, [.. files.Select(f => ("--orbit", (string?)f)), (CommonOptions.Json.Name, context.Json.Path)]);
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
        context.Json.Write(new ReportRow
        {
            Target = representation.Target.Description.Kind,
            Floats = representation.FloatCount,
            Bits = representation.BitCount,
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
        if (parts.Length != 2 || NumberText.ReadWhole(parts[0], long.MaxValue, out long width) is not null || NumberText.ReadWhole(parts[1], long.MaxValue, out long height) is not null)
            throw CliException.BadUsage($"--size is '{text}'; it must be WIDTHxHEIGHT, such as 640x480.");
        if (width < 1 || height < 1)
            throw CliException.Failed($"--size is {text}; both sides must be at least 1.");
        if (width > MostPixels || height > MostPixels || width * height > MostPixels)
            throw CliException.Failed($"--size is {text}; a picture has at most {MostPixels} pixels, such as 8192x8192.");
        return ((int)width, (int)height);
    }
}
