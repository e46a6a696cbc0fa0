namespace Inr.Evaluation;

/// <summary>What was found out about a contender before its fits: by a sweep, by a budget of time.</summary>
internal sealed record Tuning
{
    /// <summary>The learning rate; null for the family's own.</summary>
    public double? LearningRate { get; init; }

    /// <summary>ω₀; null for the family's own.</summary>
    public double? Omega { get; init; }

    /// <summary>Gradient steps; null for what the user or the default says.</summary>
    public int? Steps { get; init; }

    /// <summary>The settings with what was found out.</summary>
    public TargetSettings Apply(TargetSettings settings) => settings with
    {
        LearningRate = LearningRate ?? settings.LearningRate,
        Omega = Omega ?? settings.Omega,
        Steps = Steps ?? settings.Steps,
        Seconds = Steps is null ? settings.Seconds : null,
    };
}
