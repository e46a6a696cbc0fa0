using System.Globalization;

namespace Inr.Evaluation;

/// <summary>A target function under a float budget: one line of the table.</summary>
/// <param name="Entry">The target function.</param>
/// <param name="Budget">The most numbers that it may store; null for its default.</param>
/// <param name="Name">What tells it from the others, in file names too.</param>
public sealed record Contender(TargetEntry Entry, long? Budget, string Name)
{
    /// <summary>Every target function under every budget.</summary>
    /// <param name="entries">The target functions.</param>
    /// <param name="budgets">The budgets; none for the default of each family.</param>
    public static IReadOnlyList<Contender> Of(IReadOnlyList<TargetEntry> entries, IReadOnlyList<long> budgets) => budgets.Count switch
    {
        0 => [.. entries.Select(entry => new Contender(entry, null, entry.Name))],
        1 => [.. entries.Select(entry => new Contender(entry, budgets[0], entry.Name))],
        _ => [.. budgets.SelectMany(budget => entries.Select(entry => new Contender(entry, budget, string.Create(CultureInfo.InvariantCulture, $"{entry.Name}-{budget}"))))],
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
