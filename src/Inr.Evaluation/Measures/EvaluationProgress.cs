namespace Inr.Evaluation;

/// <summary>Where an evaluation stands.</summary>
/// <param name="Done">Signals that are finished, failed ones included.</param>
/// <param name="Total">Signals in all.</param>
/// <param name="Signal">The signal that the report is about.</param>
/// <param name="Elapsed">Time since the start.</param>
public sealed record EvaluationProgress(int Done, int Total, string Signal, TimeSpan Elapsed)
{
    /// <summary>Where the fit of the signal stands; null at its end.</summary>
    public FitProgress? Fit { get; init; }

    /// <summary>What was found; null before the end, and where it failed.</summary>
    public EvaluationRow? Row { get; init; }

    /// <summary>What failed; else null.</summary>
    public EvaluationFailure? Failure { get; init; }

    /// <summary>Rows that came from the store and took no time.</summary>
    public int Resumed { get; init; }

    /// <summary>The time that the remaining signals will take at the pace so far; null before the first one is finished.</summary>
    public TimeSpan? Remaining => Done > Resumed ? Elapsed / (Done - Resumed) * (Total - Done) : null;
}
