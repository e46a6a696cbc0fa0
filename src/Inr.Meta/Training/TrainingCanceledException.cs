namespace Inr;

/// <summary>A meta-training was cancelled on the way. The learner keeps the weights of the last step.</summary>
public sealed class TrainingCanceledException : OperationCanceledException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="result">What was done and reached until then.</param>
    /// <param name="cancellationToken">The token that ended the training.</param>
    public TrainingCanceledException(MetaTrainingResult result, CancellationToken cancellationToken)
        : base(result?.Message, cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        Result = result;
    }

    /// <summary>What was done and reached until then.</summary>
    public MetaTrainingResult Result { get; }
}
