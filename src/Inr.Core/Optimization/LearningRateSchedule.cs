namespace Inr.Optimization;

/// <summary>The learning rate of each step as a multiple of the base rate.</summary>
/// <remarks>A schedule is a function of (step, total); write your own as <c>new LearningRateSchedule((t, n) => …)</c>.</remarks>
public sealed class LearningRateSchedule
{
    private readonly Func<int, int, double> _factor;

    /// <summary>Creates a schedule.</summary>
    /// <param name="factor">Maps the step (from 0) and the number of steps to a factor of the base rate.</param>
    public LearningRateSchedule(Func<int, int, double> factor)
    {
        ArgumentNullException.ThrowIfNull(factor);
        _factor = factor;
    }

    /// <summary>The base rate throughout.</summary>
    public static LearningRateSchedule Constant { get; } = new((_, _) => 1);

    /// <summary>Half a cosine from 1 down to a final factor.</summary>
    /// <param name="finalFactor">The factor at the end; 0.01 by default.</param>
    public static LearningRateSchedule Cosine(double finalFactor = 0.01) =>
        new((t, n) => finalFactor + (1 - finalFactor) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1.0, (double)t / Math.Max(1, n)))));

    /// <summary>A geometric decay from 1 down to a final factor.</summary>
    /// <param name="finalFactor">The factor at the end; 0.1 by default.</param>
    public static LearningRateSchedule Exponential(double finalFactor = 0.1) =>
        new((t, n) => Math.Pow(finalFactor, Math.Min(1.0, (double)t / Math.Max(1, n))));

    /// <summary>1 until a share of the steps is done, then a smaller factor: the official Trans-INR schedule with (0.8, 0.1).</summary>
    /// <param name="dropAt">The share of the steps after which the rate drops, in (0,1).</param>
    /// <param name="factor">The factor afterwards.</param>
    public static LearningRateSchedule Drop(double dropAt = 0.8, double factor = 0.1) =>
        new((t, n) => t < Math.Round(dropAt * n) ? 1 : factor);

    /// <summary>This schedule after a linear warm-up.</summary>
    /// <param name="steps">The steps of the warm-up.</param>
    public LearningRateSchedule WithWarmUp(int steps) =>
        new((t, n) => _factor(t, n) * (t < steps ? (t + 1.0) / steps : 1));

    /// <summary>The factor of a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="totalSteps">The number of steps.</param>
    public double Factor(int step, int totalSteps) => _factor(step, totalSteps);
}
