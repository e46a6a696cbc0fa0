namespace Inr;

/// <summary>Trainings that a caller awaits.</summary>
public static class MetaLearnerExtensions
{
    /// <summary>Trains a learner on a thread of its own, as <see cref="IMetaLearner.Train"/> does on the caller's.</summary>
    /// <param name="learner">The learner; the caller keeps it and leaves it alone until the task ends.</param>
    /// <param name="signals">The signals to learn from.</param>
    /// <param name="options">How to train; the learner's own defaults otherwise.</param>
    /// <param name="progress">Told on that thread; a <see cref="Progress{T}"/> passes it on to the context that it was made in.</param>
    /// <param name="cancellationToken">Ends the training within a step.</param>
    /// <returns>What was done and reached.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled. A <see cref="TrainingCanceledException"/>, once the training had begun, says how far it came; the learner keeps the weights of the last step.</exception>
    /// <exception cref="ArgumentException">There is no signal, or the signals do not fit the target function.</exception>
    /// <exception cref="DivergedException">A loss became NaN or infinite.</exception>
    public static async Task<MetaTrainingResult> TrainAsync(this IMetaLearner learner, ISignalDataset signals, MetaTrainingOptions? options = null, IProgress<MetaTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(signals);
        cancellationToken.ThrowIfCancellationRequested();
        return await TorchThread.Run(() =>
        {
            var result = learner.Train(signals, options, progress, cancellationToken);
            return result.Status == MetaTrainingStatus.Cancelled ? throw new TrainingCanceledException(result, cancellationToken) : result;
        }).ConfigureAwait(false);
    }
}
