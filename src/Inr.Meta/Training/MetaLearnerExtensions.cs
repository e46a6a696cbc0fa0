namespace Inr;

/// <summary>Trainings that are awaited.</summary>
public static class MetaLearnerExtensions
{
    /// <summary>Learns from signals on a thread of its own.</summary>
    /// <param name="learner">The learner; it must not be used or disposed of before the task has ended.</param>
    /// <param name="signals">The signals to learn from; one that cannot be read is skipped and reported.</param>
    /// <param name="options">How to train; the learner's own defaults otherwise.</param>
    /// <param name="progress">Told now and then where the training stands, on the thread of the training.</param>
    /// <param name="cancellationToken">Ends the training within a step.</param>
    /// <returns>What was done and reached.</returns>
    /// <exception cref="TrainingCanceledException">The token was cancelled; the learner keeps the weights of its last step.</exception>
    /// <exception cref="ArgumentException">There is no signal, or the signals do not fit the target function.</exception>
    /// <exception cref="DivergedException">A loss became NaN or infinite.</exception>
    public static Task<MetaTrainingResult> TrainAsync(this IMetaLearner learner, ISignalDataset signals, MetaTrainingOptions? options = null, IProgress<MetaTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(signals);
        return TorchThread.Run(() =>
        {
            var result = learner.Train(signals, options, progress, cancellationToken);
            return result.Status == MetaTrainingStatus.Cancelled ? throw new TrainingCanceledException(result, cancellationToken) : result;
        }, "Inr training");
    }
}
