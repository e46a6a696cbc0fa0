namespace Inr.Evaluation;

/// <summary>A signal that could not be read, or whose fit failed.</summary>
/// <param name="Signal">Its name in the data set.</param>
/// <param name="Reason">Why, in a line.</param>
/// <param name="IsUnreadable">Whether the signal itself is at fault, not the fit.</param>
public sealed record EvaluationFailure(string Signal, string Reason, bool IsUnreadable = false)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Signal}: {Reason}";
}
