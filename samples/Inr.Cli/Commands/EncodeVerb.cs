using System.CommandLine;
using System.Globalization;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Folders;
using Inr.Parameterizations;

namespace Inr.Cli.Commands;

/// <summary><c>inr encode DIR --out DIR</c>: every picture and sound of a folder as a small <c>.inr</c> file.</summary>
internal sealed class EncodeVerb : FolderVerb
{
    private const string Target = CompressedFourierTarget.Kind;

    private readonly RateOptions _rates = new();
    private TargetSettings _settings = new();
    private RunContext? _context;

    /// <summary>Describes the verb.</summary>
    public EncodeVerb()
        : base("encode", $"Encodes every picture and sound of a folder as a small .inr file ({Target}).", ".png, .jpg and .wav files", "encoded")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Own => _rates.All;

    /// <inheritdoc/>
    protected override void Prepare(ParseResult arguments, RunContext context)
    {
        _settings = _rates.Apply(arguments, _settings);
        _context = context;
    }

    /// <inheritdoc/>
    protected override FolderReport Work(
        string folder,
        string output,
        FolderOptions options,
        IProgress<FolderProgress> progress,
        CancellationToken cancellation)
    {
        var entry = Names.Target(Target);
        var encoder = new FolderEncoder(
            signal => entry.CreateFitter(_settings with { Threads = TorchRuntime.Threads }, signal, _context!.Device, _context.Seed),
            $"{Target} {Goal()}");
        return encoder.Run(folder, output, options, progress, cancellation);
    }

    // The default by its value, so that a later default is another goal.
    private string Goal() => string.Create(CultureInfo.InvariantCulture, $"{(_settings.BitsPerSample, _settings.Psnr, _settings.FileBytes) switch
    {
        ({ } bits, _, _) => $"bits-per-sample {bits}",
        (_, { } psnr, _) => $"psnr {psnr}",
        (_, _, { } bytes) => $"bytes {bytes}",
        _ => $"quality {_settings.Quality ?? new CompressedFourierOptions().Quality}",
    }}");
}
