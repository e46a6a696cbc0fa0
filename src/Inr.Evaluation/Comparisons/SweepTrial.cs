namespace Inr.Evaluation;

/// <summary>One learning rate (and ω₀) of a sweep, and what it reached in a short fit.</summary>
public sealed record SweepTrial
{
    /// <summary>The target function and budget.</summary>
    public required string Target { get; init; }

    /// <summary>The learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>ω₀; null where the family has none.</summary>
    public double? Omega { get; init; }

    /// <summary>Mean PSNR in dB over the signals of the sweep; null where a fit failed or diverged.</summary>
    public double? Psnr { get; init; }

    /// <summary>Gradient steps of a fit.</summary>
    public required int Steps { get; init; }

    /// <summary>The signals of the sweep.</summary>
    public required IReadOnlyList<string> Signals { get; init; }

    /// <summary>Whether it is the one that the comparison uses.</summary>
    public bool IsChosen { get; init; }
}
