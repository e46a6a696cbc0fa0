using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Inr.Cli.Output;
using Inr.Cli.Runtime;

namespace Inr.Cli.Commands;

/// <summary><c>inr render F.inr --size WxH --out F.png</c>: renders a representation at any size.</summary>
internal sealed class RenderVerb : Verb
{
    // The size of picture that the library reads by default as well: 8192 squared.
    private const long MostPixels = 1L << 26;

    private readonly Argument<string> _file = new("file") { Description = "An .inr file.", HelpName = "F.inr" };
    private readonly Option<string> _size = new("--size") { Description = "Width and height in pixels, such as 1920x1080.", HelpName = "WxH", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "The .png file to write.", HelpName = "F.png", Required = true };

    /// <summary>Describes the verb.</summary>
    public RenderVerb()
        : base("render", "Renders an .inr file as a picture of any size.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_file, _size, _out];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        string path = arguments.GetRequiredValue(_file);
        string picture = arguments.GetRequiredValue(_out);
        var (width, height) = ParseSize(arguments.GetRequiredValue(_size));
        OutputFile.Check(_out.Name, picture, ".png");
        OutputFile.RequireDistinct(path, (_out.Name, picture), (CommonOptions.Json.Name, context.JsonPath));
        if (InrFile.ReadInfo(path) is { Domain.Dimension: not 2 } info)
            throw CliException.Failed($"'{path}' holds a signal of {info.Domain.Dimension} axes ({info.Domain}); only pictures, of 2 axes, can be rendered as PNG.");

        using var representation = ImplicitRepresentation.Load(path, context.Device.Resolve());
        var clock = Stopwatch.StartNew();
        using var rendered = representation.Render(height, width);
        double seconds = clock.Elapsed.TotalSeconds;
        rendered.SavePng(picture);
        context.Terminal.WriteLine($"rendered {width}×{height} in {Text.Milliseconds(seconds)} ms: {picture}");
        JsonFile.WriteReport(context.JsonPath, new ReportRow
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

    private static bool TryParse(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
