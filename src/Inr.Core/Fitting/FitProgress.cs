namespace Inr;

/// <summary>Where a fit stands.</summary>
/// <param name="Step">Steps done so far.</param>
/// <param name="TotalSteps">Steps to do.</param>
/// <param name="Loss">The loss of the last step's samples: their mean squared error, unless the fit lowers another loss.</param>
/// <param name="Elapsed">Time since the start.</param>
public readonly record struct FitProgress(int Step, int TotalSteps, double Loss, TimeSpan Elapsed)
{
    /// <summary>The PSNR of <see cref="Loss"/> in dB, for a peak of 1; of a mean squared error only.</summary>
    public double Psnr => -10 * Math.Log10(Loss);

    /// <summary>The time that the remaining steps will take at the pace so far.</summary>
    public TimeSpan Remaining => Step == 0 ? TimeSpan.Zero : Elapsed * ((double)(TotalSteps - Step) / Step);
}
