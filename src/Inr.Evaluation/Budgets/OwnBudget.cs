namespace Inr.Evaluation;

/// <summary>The family takes the budget as an option of its own, and its fitter refuses one that is too small.</summary>
public sealed class OwnBudget : IFloatBudget
{
    /// <inheritdoc/>
    public TargetSettings Spend(TargetEntry entry, TargetSettings settings, SignalShape shape) => settings;
}
