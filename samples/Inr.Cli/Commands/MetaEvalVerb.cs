using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Inr.Cli.Fitting;
using Inr.Cli.Learners;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Files;
using Inr.Meta;
using static TorchSharp.torch;

namespace Inr.Cli.Commands;

/// <summary><c>inr meta-eval --data DIR --learner F</c>: what a trained meta-learner reaches on a folder of images.</summary>
internal sealed class MetaEvalVerb : Verb
{
    private readonly Option<string> _data = new("--data") { Description = "A folder of images.", HelpName = "DIR", Required = true };
    private readonly Option<string> _learner = new("--learner") { Description = "A file that meta-train or import wrote.", HelpName = "F", Required = true };
    private readonly Option<int?> _size = new("--size") { Description = "The side of the squares; the learner's own by default, else required.", HelpName = "N" };
    private readonly Option<int?> _inner = new("--inner-steps") { Description = "Inner steps; as trained by default.", HelpName = "N" };
    private readonly Option<int> _optimise = new("--optimise-steps") { Description = "Gradient steps from the adapted parameters.", HelpName = "N" };
    private readonly Option<int?> _limit = new("--limit") { Description = "The first images only.", HelpName = "N" };

    private readonly Option<string?> _context = new("--context") { Description = "What the learner sees of an image: full (the default), sparse:SHARE of the pixels, noisy:SIGMA in 255ths, or both with a plus. It is judged on the whole, clean image.", HelpName = "TEXT" };

    private readonly Option<bool> _recursive = new("--recursive") { Description = "Take the images of subfolders too, such as those of classes." };

    /// <summary>Describes the verb.</summary>
    public MetaEvalVerb()
        : base("meta-eval", "Judges a trained meta-learner on a folder of images: mean and max PSNR, floats, times.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_data, _learner, _size, _inner, _optimise, _limit, _context, _recursive];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        Require.AtLeast(_limit.Name, arguments.GetValue(_limit), 1);
        string path = arguments.GetRequiredValue(_learner);
        OutputFile.RequireDistinct(path, (CommonOptions.Json.Name, context.Json.Path));
        Require.AtLeast(_size.Name, arguments.GetValue(_size), 1);
        var seen = ContextText.Read(_context.Name, arguments.GetValue(_context));
        using var run = LearnerRun.Load(path, (_inner.Name, arguments.GetValue(_inner)), (_optimise.Name, arguments.GetValue(_optimise)), context);
        var learner = run.Learner;
        if (run.Axes != 2)
            throw CliException.Failed($"{InputFile.Quote(path)} is for signals of {run.Axes} axes; images have 2.");
        int size = LearnerSize.Choose(learner, _size.Name, arguments.GetValue(_size), context.Terminal);
        var images = MetaImages.Open(arguments.GetRequiredValue(_data), size, run.Channels, arguments.GetValue(_recursive), context.Terminal);
        int count = Math.Min(images.Count, arguments.GetValue(_limit) ?? images.Count);

        var rows = new List<ReportRow>();
        var inside = new List<double>();
        int skipped = 0;
        for (int i = 0; i < count && !context.Cancellation.IsCancellationRequested; i++)
        {
            try
            {
                using var image = images.Load(i);
                rows.Add(Judge(image, seen, context.Seed, run, context.Cancellation));
                if (learner is LinearGaussianLearner prior)
                    inside.Add(Inside(prior, image, seen, context.Seed));
            }
            catch (SignalLoadException e)
            {
                skipped++;
                context.Terminal.WriteLine($"skipped {images.GetName(i)}: {e.Message}");
            }
        }

        if (rows.Count == 0)
            throw CliException.Failed(context.Cancellation.IsCancellationRequested ? "Cancelled before an image was judged." : $"No image could be judged: {Text.Count(skipped, "image")} of {count} could not be read.");
        var mean = Mean(rows, learner, context, arguments.GetValue(_optimise)) with { Context = seen.IsFull ? null : seen.ToString(), Signals = rows.Count, CodeFloats = CodeFloats(learner) };
        context.Terminal.WriteTable(
            ["learner", "context", "images", "numbers", "floats", "stored", "bits/sample", "shared floats", "mean PSNR", "max PSNR", "min PSNR", "SSIM", "adapt ms", "render ms"],
            [[
                mean.Learner!, seen.ToString(), Text.Count(rows.Count), Text.Count(mean.CodeFloats ?? mean.Floats), Text.Count(mean.Floats), Text.Bytes(mean.StoredBytes), Text.BitsPerSample(mean.BitsPerSample), Text.Count(mean.SharedFloats), Text.Decibels(mean.Psnr), Text.Decibels(mean.MaxPsnr), Text.Decibels(mean.MinPsnr),
                Text.Similarity(mean.Ssim), Text.Milliseconds(mean.AdaptSeconds), Text.Milliseconds(mean.RenderSeconds),
            ]]);
        if (inside.Count > 0)
            context.Terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{100 * inside.Average():0.0} % of the values {(seen.Fraction < 1 ? "that were not seen " : "")}lie within the 90 % interval of their posterior"));
        context.Json.Write(mean);
        if (context.Cancellation.IsCancellationRequested)
            throw CliException.Failed($"Cancelled after {rows.Count} of {Text.Count(count, "image")}.");
        return skipped > 0 ? throw CliException.Failed($"{Text.Count(skipped, "image")} of {count} could not be read and left the means, which are over {rows.Count}.") : ExitCodes.Done;
    }

    // The share of values within 1.645 standard deviations of the posterior mean, of those that were not seen if some were not.
    private static double Inside(LinearGaussianLearner prior, Signal image, SignalContext seen, long seed)
    {
        const double ninety = 1.6449;
        var (context, query) = seen.Draw(image, seed);
        using var scope = NewDisposeScope();
        using var drawn = context;
        using var unseen = query;
        using var posterior = prior.Infer(drawn);
        var judged = unseen ?? image;
        var (mean, variance) = posterior.At(judged.Coordinates);
        return (mean - judged.Values).abs().le(variance.sqrt() * ninety).to(float64).mean().item<double>();
    }

    // What differs from signal to signal, where a code of it with the learner is the whole representation.
    private static long? CodeFloats(IMetaLearner learner) => learner switch
    {
        LinearGaussianLearner prior => prior.Components,
        GradientMetaLearner gradient => gradient.AdaptedFloatCount,
        _ => null,
    };

    private static ReportRow Judge(Signal image, SignalContext seen, long seed, LearnerRun run, CancellationToken cancellation)
    {
        var (context, query) = seen.Draw(image, seed);
        using var drawn = context;
        using var unseen = query;
        using var result = run.Fit(drawn, null, cancellation);
        var clock = Stopwatch.StartNew();
        using var bound = result.Representation.Target.Bind(result.Representation.Parameters);
        // A context of scattered samples has no size of its own: the image has.
        using var rendered = Signal.OnGrid(bound.Render([.. image.Domain.GridShape]).to(image.Values.dtype).to(image.Values.device), image.Domain, image.Name, image.Format);
        double renderSeconds = clock.Elapsed.TotalSeconds;
        var measures = SignalMetrics.Of(image, rendered);
        return new ReportRow
        {
            Floats = result.Representation.FloatCount,
            StoredBytes = SignalFit.StoredBytes(result.Representation),
            Bits = result.Representation.BitCount,
            BitsPerSample = (double)result.Representation.BitCount / image.SampleCount,
            Psnr = measures.Psnr,
            Psnr8 = measures.Psnr8,
            Ssim = measures.Ssim,
            AdaptSeconds = result.Elapsed.TotalSeconds,
            RenderSeconds = renderSeconds,
        };
    }

    private static ReportRow Mean(List<ReportRow> rows, IMetaLearner learner, RunContext context, int optimizeSteps) => new()
    {
        Target = learner.Description.Target.Kind,
        Learner = learner.Description.Kind,
        Floats = rows.Average(r => r.Floats),
        StoredBytes = rows.Average(r => r.StoredBytes),
        Bits = rows.Average(r => r.Bits),
        BitsPerSample = rows.Average(r => r.BitsPerSample),
        SharedFloats = learner.Weights.Sum(w => w.Tensor.numel()),
        Psnr = rows.Average(r => r.Psnr),
        Psnr8 = rows.Average(r => r.Psnr8),
        MaxPsnr = rows.Max(r => r.Psnr),
        MinPsnr = rows.Min(r => r.Psnr),
        Ssim = rows.Average(r => r.Ssim),
        // The first adaptation pays for starting up.
        AdaptSeconds = rows.Skip(rows.Count > 1 ? 1 : 0).Average(r => r.AdaptSeconds),
        RenderSeconds = rows.Skip(rows.Count > 1 ? 1 : 0).Average(r => r.RenderSeconds),
        Steps = optimizeSteps > 0 ? optimizeSteps : null,
        Device = context.DeviceName,
        Threads = context.Threads,
        Seed = context.Seed,
    };
}
