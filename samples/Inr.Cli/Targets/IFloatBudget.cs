namespace Inr.Cli.Targets;

/// <summary>How a family of target functions spends a float budget.</summary>
internal interface IFloatBudget
{
    /// <summary>Turns the budget of the settings into choices that the family understands.</summary>
    /// <param name="entry">The family.</param>
    /// <param name="settings">What the user chose; its budget is set.</param>
    /// <param name="shape">The signal to fit.</param>
    /// <returns>The settings to build with.</returns>
    TargetSettings Spend(TargetEntry entry, TargetSettings settings, SignalShape shape);
}
