namespace Inr;

/// <summary>A fit was cancelled on the way. It keeps the best state so far.</summary>
public sealed class FitCanceledException : OperationCanceledException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="result">The best state so far.</param>
    /// <param name="cancellationToken">The token that ended the fit.</param>
    public FitCanceledException(FitResult result, CancellationToken cancellationToken)
        : base(result?.Message, cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        Result = result;
    }

    /// <summary>The best state so far; the catcher owns it.</summary>
    public FitResult Result { get; }
}
