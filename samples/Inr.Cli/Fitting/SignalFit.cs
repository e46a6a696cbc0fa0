using System.Diagnostics;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;

namespace Inr.Cli.Fitting;

/// <summary>Fits one target function to one signal and measures the result: the same for <c>fit</c>, <c>compare</c> and the demo.</summary>
internal sealed class SignalFit
{
    private readonly TargetEntry _entry;
    private readonly TargetSettings _settings;
    private readonly RunContext _context;

    /// <param name="entry">The target function.</param>
    /// <param name="settings">What the user chose.</param>
    /// <param name="context">Where to run.</param>
    public SignalFit(TargetEntry entry, TargetSettings settings, RunContext context)
    {
        _entry = entry;
        _settings = settings with { Threads = context.Threads };
        _context = context;
    }

    /// <summary>How the result is coded; null where it is not.</summary>
    public CompressionOptions? Compression { get; init; }

    /// <summary>Requires what the user chose to be in range, before any work.</summary>
    /// <exception cref="CliException">A value is out of range.</exception>
    public static void Check(TargetSettings settings)
    {
        Require.AtLeast("--floats", settings.Floats, 1);
        Require.AtLeast("--steps", settings.Steps, 0);
        Require.Positive("--lr", settings.LearningRate);
        Require.AtLeast("--width", settings.Width, 1);
        Require.AtLeast("--depth", settings.Depth, 1);
        Require.Positive("--omega", settings.Omega);
        Require.AtLeast("--batch", settings.Batch, 0);
    }

    /// <summary>The fitter for signals of a shape.</summary>
    /// <exception cref="FloatBudgetException">The budget is too small.</exception>
    public ISignalFitter CreateFitter(Signal signal)
    {
        var fitter = _entry.CreateFitter(_settings, signal, _context.Device, _context.Seed);
        return Compression is null ? fitter : new CompressingFitter(fitter, Compression);
    }

    /// <summary>Fits a signal and measures the result.</summary>
    /// <param name="fitter">What <see cref="CreateFitter"/> gave for the signal.</param>
    /// <param name="signal">The signal; the caller keeps it.</param>
    /// <param name="progress">Told where the fit stands.</param>
    /// <param name="rendersCancelled">Whether the best state of a cancelled fit is rendered and measured; else its row has what the fit knows.</param>
    /// <param name="cancellation">Ends the fit.</param>
    public FitOutcome Run(ISignalFitter fitter, Signal signal, IProgress<FitProgress>? progress, bool rendersCancelled, CancellationToken cancellation)
    {
        var result = fitter.Fit(signal, progress, cancellation);
        var outcome = Measure(result, signal, _entry.Name, _context, rendersCancelled);
        return _entry.IsIterative ? outcome : outcome with { Row = outcome.Row with { Steps = null } };
    }

    /// <summary>Renders a fitted signal and measures it. Who cancels a fit waits for its file, not for tables: a large picture takes seconds.</summary>
    /// <param name="result">The fit; it belongs to the outcome.</param>
    /// <param name="signal">What was fitted; the caller keeps it.</param>
    /// <param name="target">The name of the target function.</param>
    /// <param name="context">Where it ran.</param>
    /// <param name="rendersCancelled">Whether a cancelled fit is rendered too.</param>
    public static FitOutcome Measure(FitResult result, Signal signal, string target, RunContext context, bool rendersCancelled)
    {
        var representation = result.Representation;
        Signal? rendered = null;
        SignalMetrics? measures = null;
        double? renderSeconds = null;
        if (rendersCancelled || result.Status != FitStatus.Cancelled)
        {
            var clock = Stopwatch.StartNew();
            rendered = representation.Render();
            renderSeconds = clock.Elapsed.TotalSeconds;
            measures = SignalMetrics.Of(signal, rendered);
        }

        bool isImage = signal.InputDimension == 2;
        var row = new ReportRow
        {
            Signal = signal.Name,
            Target = target,
            Floats = representation.FloatCount,
            StoredBytes = StoredBytes(representation),
            Bits = representation.BitCount,
            BitsPerSample = (double)representation.BitCount / signal.SampleCount,
            Psnr = measures?.Psnr ?? (double.IsNaN(result.Psnr) ? null : result.Psnr),
            Psnr8 = isImage ? measures?.Psnr8 : null,
            Ssim = measures?.Ssim,
            FitSeconds = result.Elapsed.TotalSeconds,
            RenderSeconds = renderSeconds,
            Steps = result.Steps,
            // A closed form may run on the processor, whatever was asked for.
            Device = representation.Parameters.Device.ToString(),
            Threads = context.Threads,
            Seed = context.Seed,
        };
        return new FitOutcome(result, rendered, row);
    }

    /// <summary>The size of the file that would hold a representation.</summary>
    public static long StoredBytes(ImplicitRepresentation representation)
    {
        using var stream = new MemoryStream();
        representation.Save(stream);
        return stream.Length;
    }
}
