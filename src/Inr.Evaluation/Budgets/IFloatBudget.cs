namespace Inr.Evaluation;

/// <summary>How a family of target functions spends a float budget.</summary>
public interface IFloatBudget
{
    /// <summary>Turns the budget of the settings into choices that the family understands.</summary>
    /// <param name="entry">The family.</param>
    /// <param name="settings">What was chosen; its budget is set.</param>
    /// <param name="shape">The signal to fit.</param>
    /// <returns>The settings to build with.</returns>
    /// <exception cref="FloatBudgetException">The family cannot keep to the budget.</exception>
    TargetSettings Spend(TargetEntry entry, TargetSettings settings, SignalShape shape);
}
