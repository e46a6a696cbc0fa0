namespace Inr;

/// <summary>A fit that was awaited was cancelled. It keeps the best state so far.</summary>
public sealed class FitCanceledException : OperationCanceledException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="partial">The best state so far; the exception hands it to whoever catches it.</param>
    /// <param name="cancellationToken">The token that was cancelled.</param>
    public FitCanceledException(FitResult partial, CancellationToken cancellationToken)
        : base("The fit was cancelled; Partial has the best state so far.", cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(partial);
        Partial = partial;
    }

    /// <summary>The best state so far; the catcher owns it.</summary>
    public FitResult Partial { get; }
}
