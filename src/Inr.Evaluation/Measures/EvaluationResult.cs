namespace Inr.Evaluation;

/// <summary>What an evaluation found: a row for each signal, and what failed.</summary>
public sealed record EvaluationResult
{
    /// <summary>The finished signals, in the order of the data set.</summary>
    public required IReadOnlyList<EvaluationRow> Rows { get; init; }

    /// <summary>The signals that could not be read or fitted.</summary>
    public required IReadOnlyList<EvaluationFailure> Failures { get; init; }

    /// <summary>How many signals were asked for.</summary>
    public required int Planned { get; init; }

    /// <summary>How many rows came from the store.</summary>
    public int Resumed { get; init; }

    /// <summary>Whether the caller ended it early; with a store, the same call goes on from here.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>The measures over all finished signals; null where there is none.</summary>
    public EvaluationSummary? Summary => Rows.Count == 0 ? null : EvaluationSummary.Of([.. Rows]);
}
