namespace Inr.Evaluation;

/// <summary>What a fit of one signal costs.</summary>
/// <param name="FixedSeconds">What it takes without any step, measures included.</param>
/// <param name="StepSeconds">What a gradient step takes; 0 for a closed form.</param>
internal readonly record struct FitCost(double FixedSeconds, double StepSeconds)
{
    /// <summary>The seconds of a fit of some steps.</summary>
    public double Seconds(int steps) => FixedSeconds + (steps * StepSeconds);
}
