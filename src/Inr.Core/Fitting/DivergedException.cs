using System.Globalization;

namespace Inr;

/// <summary>A loss became NaN or infinite, or far larger than the signal itself. The last good state is kept.</summary>
public sealed class DivergedException : InrException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="step">The step that saw the loss, from 1.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="advice">What to try.</param>
    /// <param name="lastGood">The best state before; null where there was none.</param>
    public DivergedException(int step, double loss, string advice, FitResult? lastGood = null)
        : base(string.Create(CultureInfo.InvariantCulture, $"Diverged at step {step}: the loss is {loss:g3}. {advice}"))
    {
        Step = step;
        Loss = loss;
        LastGood = lastGood;
    }

    /// <summary>The step that saw the loss, from 1.</summary>
    public int Step { get; }

    /// <summary>The loss: NaN, infinite, or far larger than the signal's power.</summary>
    public double Loss { get; }

    /// <summary>The best state before the loss diverged; the catcher owns it. Null where there was none.</summary>
    public FitResult? LastGood { get; }
}
