namespace Inr.Cli.Targets;

/// <summary>A target function as the command line offers it.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Summary">What it is, in a few words.</param>
/// <param name="Use">Chooses it on a builder.</param>
internal sealed record TargetEntry(string Name, string Summary, Action<InrBuilder, TargetSettings> Use)
{
    /// <summary>How the family spends a float budget.</summary>
    public required IFloatBudget Budget { get; init; }

    /// <summary>The options that mean something to the family, beside the budget.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether it is a null model: what a claim about another target function has to beat.</summary>
    public bool IsNullModel { get; init; }

    /// <summary>Whether the demo shows it.</summary>
    public bool InDemo { get; init; } = true;

    /// <summary>Whether it is fitted by gradient steps; else in closed form or by a search of its own.</summary>
    public bool IsIterative { get; init; } = true;
}
