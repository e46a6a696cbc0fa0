namespace Inr.Evaluation;

/// <summary>What a comparison found out before its fits, kept in its folder so that it holds for all of them.</summary>
public sealed record ComparisonPlan
{
    /// <summary>The file in the folder.</summary>
    public const string File = "plan.json";

    /// <summary>By the name of a contender: about how many gradient steps fill the budget of time, as sweeps need to know.</summary>
    public IReadOnlyDictionary<string, int> Steps { get; init; } = new Dictionary<string, int>();

    /// <summary>The settings that sweeps tried.</summary>
    public IReadOnlyList<SweepTrial> Trials { get; init; } = [];

    /// <summary>Reads the plan of a folder; one that a crash or a person damaged counts as missing.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The plan, or a new one.</returns>
    internal static ComparisonPlan Load(string path) => ReportFormat.Load<ComparisonPlan>(path) is { } plan && plan.IsSound ? plan : new ComparisonPlan();

    // JSON may say null, or nothing, where a value is required.
    private bool IsSound => Steps is not null && Steps.Values.All(steps => steps > 0)
        && Trials is not null && Trials.All(t => t is { Target: not null, Signals: not null } && t.LearningRate is > 0 and < double.PositiveInfinity && t.Omega is null or (> 0 and < double.PositiveInfinity));

    /// <summary>What holds for a contender.</summary>
    internal Tuning For(Contender contender)
    {
        var chosen = Trials.FirstOrDefault(t => t.Target == contender.Name && t.IsChosen);
        return new Tuning
        {
            LearningRate = chosen?.LearningRate,
            Omega = chosen?.Omega,
        };
    }
}
