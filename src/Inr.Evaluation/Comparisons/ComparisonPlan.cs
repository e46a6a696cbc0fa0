namespace Inr.Evaluation;

/// <summary>What a comparison found out before its fits, kept in its folder so that it holds for all of them.</summary>
public sealed record ComparisonPlan
{
    /// <summary>The file in the folder.</summary>
    public const string File = "plan.json";

    /// <summary>By the name of a contender: gradient steps that fill the budget of time.</summary>
    public IReadOnlyDictionary<string, int> Steps { get; init; } = new Dictionary<string, int>();

    /// <summary>The settings that sweeps tried.</summary>
    public IReadOnlyList<SweepTrial> Trials { get; init; } = [];

    /// <summary>What holds for a contender.</summary>
    internal Tuning For(Contender contender)
    {
        var chosen = Trials.FirstOrDefault(t => t.Target == contender.Name && t.IsChosen);
        return new Tuning
        {
            LearningRate = chosen?.LearningRate,
            Omega = chosen?.Omega,
            Steps = Steps.TryGetValue(contender.Name, out int steps) ? steps : null,
        };
    }
}
