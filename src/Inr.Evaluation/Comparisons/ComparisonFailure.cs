namespace Inr.Evaluation;

/// <summary>A signal that could not be read, or a fit of it that failed.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Target">The target function and budget; null where the signal itself is at fault.</param>
/// <param name="Reason">Why, in a line.</param>
public sealed record ComparisonFailure(string Signal, string? Target, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Target is null ? $"{Signal}: {Reason}" : $"{Target} on {Signal}: {Reason}";
}
