namespace Inr.Cli.Targets;

/// <summary>The family takes the budget as an option of its own, and its fitter refuses one that is too small.</summary>
internal sealed class OwnBudget : IFloatBudget
{
    /// <inheritdoc/>
    public TargetSettings Spend(TargetEntry entry, TargetSettings settings, SignalShape shape) => settings;
}
