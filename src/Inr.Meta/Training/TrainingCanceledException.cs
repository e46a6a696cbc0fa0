namespace Inr;

/// <summary>A training that was awaited was cancelled. The learner keeps the weights of its last step.</summary>
public sealed class TrainingCanceledException : OperationCanceledException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="partial">What was done and reached so far.</param>
    /// <param name="cancellationToken">The token that was cancelled.</param>
    public TrainingCanceledException(MetaTrainingResult partial, CancellationToken cancellationToken)
        : base("The training was cancelled; the learner has the weights of its last step, and Partial says what it reached.", cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(partial);
        Partial = partial;
    }

    /// <summary>What was done and reached so far.</summary>
    public MetaTrainingResult Partial { get; }
}
