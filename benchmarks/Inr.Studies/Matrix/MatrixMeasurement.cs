
namespace Inr.Studies.Matrix;

/// <summary>What the evaluation of a cell found.</summary>
/// <param name="Result">Its rows.</param>
/// <param name="Seconds">The time of each fit by the clock of the study, warm-ups included.</param>
internal sealed record MatrixMeasurement(EvaluationResult Result, IReadOnlyList<double> Seconds)
{
    /// <summary>Evaluates one fitter on all signals.</summary>
    public static MatrixMeasurement Of(ISignalFitter fitter, ISignalDataset signals, MatrixContext context, MatrixSettings settings)
    {
        var seconds = new List<double>();
        using var clocked = new ClockedFitter(fitter, settings.Clock, seconds, owns: false);
        return new MatrixMeasurement(Evaluator.Run(clocked, signals, Options(context, settings) with { WarmUpFits = 1 }), seconds);
    }

    /// <summary>Evaluates a fitter of its own for each signal.</summary>
    public static MatrixMeasurement Of(Func<ISignalFitter> create, ISignalDataset signals, MatrixContext context, MatrixSettings settings)
    {
        var seconds = new List<double>();
        return new MatrixMeasurement(Evaluator.Run(_ => new ClockedFitter(create(), settings.Clock, seconds, owns: true), signals, Options(context, settings)), seconds);
    }

    /// <summary>The row of a cell.</summary>
    /// <param name="empty">What is known before.</param>
    public MatrixRow Describe(MatrixRow empty)
    {
        if (Result.Summary is not { } summary)
            return empty with { Failure = Result.Failures[0].Reason };
        return empty with
        {
            Psnr = summary.Psnr.Mean,
            MaxPsnr = summary.Psnr.Max,
            MinPsnr = summary.Psnr.Min,
            HeldOutPsnr = summary.HeldOutPsnr?.Mean,
            Ssim = summary.Ssim?.Mean,
            Floats = summary.Floats,
            FitMilliseconds = 1e3 * new Distribution(Seconds.TakeLast(Result.Rows.Count)).Median,
            Steps = Result.Rows.Average(r => r.Steps),
            Psnrs = [.. Result.Rows.Select(r => r.Psnr)],
            Remark = Result.Failures.Count > 0 ? $"{empty.Remark} {Result.Failures.Count} of {Result.Planned} failed: {Result.Failures[0].Reason}".Trim() : empty.Remark,
        };
    }

    private static EvaluationOptions Options(MatrixContext context, MatrixSettings settings) => new()
    {
        Context = context.Context,
        Seed = settings.Seed,
        WarmUpFits = 0,
        RenderRepeats = 0,
        RandomAccessSamples = 0,
    };
}
