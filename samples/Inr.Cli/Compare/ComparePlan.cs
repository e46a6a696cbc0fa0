namespace Inr.Cli.Compare;

/// <summary>What a run found out before its fits, kept in the report folder so that it holds for all of them.</summary>
internal sealed record ComparePlan
{
    /// <summary>The file in the report folder.</summary>
    public const string File = "plan.json";

    /// <summary>By the name of a contender: gradient steps that fill the budget of time.</summary>
    public Dictionary<string, int> Steps { get; init; } = [];

    /// <summary>The settings that sweeps tried.</summary>
    public List<SweepTrial> Trials { get; init; } = [];

    /// <summary>What holds for a contender.</summary>
    public Tuning For(Contender contender)
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
