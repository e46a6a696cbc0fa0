namespace Inr;

/// <summary>Where a meta-training stands.</summary>
/// <param name="Step">Outer steps done so far, those of the run that was resumed included.</param>
/// <param name="TotalSteps">Outer steps to do.</param>
/// <param name="Loss">The mean squared error over the queries since the last report.</param>
/// <param name="Elapsed">Time since this run started, the looks at held-out signals included.</param>
/// <param name="Remaining">The time that the remaining steps will take at the pace so far.</param>
/// <param name="HeldOutPsnr">The mean PSNR of the held-out signals in dB, where this report follows a look at them.</param>
/// <param name="Skipped">The signals that were skipped since the last report, each with the reason.</param>
public readonly record struct MetaTrainingProgress(
    int Step,
    int TotalSteps,
    double Loss,
    TimeSpan Elapsed,
    TimeSpan Remaining,
    double? HeldOutPsnr,
    IReadOnlyList<SkippedSignal> Skipped)
{
    /// <summary>The PSNR of <see cref="Loss"/> in dB, for a peak of 1.</summary>
    public double Psnr => -10 * Math.Log10(Loss);
}
