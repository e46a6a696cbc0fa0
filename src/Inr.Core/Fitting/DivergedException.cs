namespace Inr;

/// <summary>A loss became NaN or infinite. The last good state is kept.</summary>
public sealed class DivergedException : InrException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="step">The step at which the loss was no longer finite, from 1.</param>
    /// <param name="advice">What to try.</param>
    /// <param name="lastGood">The best state before; null where there was none.</param>
    public DivergedException(int step, string advice, FitResult? lastGood = null)
        : base($"The loss became NaN or infinite at step {step}. {advice}")
    {
        Step = step;
        LastGood = lastGood;
    }

    /// <summary>The step at which the loss was no longer finite, from 1.</summary>
    public int Step { get; }

    /// <summary>The best state before the loss diverged; the catcher owns it. Null where there was none.</summary>
    public FitResult? LastGood { get; }
}
