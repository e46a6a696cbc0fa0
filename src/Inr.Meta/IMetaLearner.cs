namespace Inr;

/// <summary>A fitter that first learns from many signals how to get θ for a new one fast.</summary>
/// <remarks>
/// <see cref="Train"/> learns, <see cref="Adapt"/> is the batched core, <see cref="ISignalFitter.Fit"/> adapts to one
/// signal. <see cref="MetaLearner"/> saves a learner and loads any registered kind.
/// <para>
/// Who owns what a learner returns: the caller. Tensors and <see cref="ParameterSet"/>s join the dispose scope that is open
/// where the method was called (without one they live until they are disposed of); to keep them beyond it, detach
/// them. Objects that own tensors (results, representations, codes, learners) are outside of every scope, and the
/// caller disposes of them.
/// </para>
/// </remarks>
public interface IMetaLearner : ISignalFitter
{
    /// <summary>The kind and the options from which <see cref="MetaLearnerRegistry"/> rebuilds this learner, untrained.</summary>
    MetaLearnerDescription Description { get; }

    /// <summary>The weights that training learns, by name: what a file stores. The learner keeps the tensors.</summary>
    IReadOnlyList<MetaWeight> Weights { get; }

    /// <summary>The sampling of the signals that it was trained on, such as the size of images; null where it is not known.</summary>
    /// <remarks><see cref="Train"/> notes it and a file keeps it, so that later users need not be told. A learner that does not keep it has none.</remarks>
    SignalDomain? TrainedOn
    {
        get => null;
        set { }
    }

    /// <summary>Learns from signals.</summary>
    /// <param name="signals">The signals to learn from; one that cannot be read is skipped and reported.</param>
    /// <param name="options">How to train; the learner's own defaults otherwise.</param>
    /// <param name="progress">Told now and then where the training stands.</param>
    /// <param name="cancellationToken">Ends the training within a step; the weights stay as the last step left them.</param>
    /// <returns>What was done and reached.</returns>
    /// <exception cref="ArgumentException">There is no signal, or the signals do not fit the target function.</exception>
    /// <exception cref="DivergedException">A loss became NaN or infinite; the message names the signal and the step, and the weights are those before it.</exception>
    MetaTrainingResult Train(ISignalDataset signals, MetaTrainingOptions? options = null, IProgress<MetaTrainingProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>θ for each signal of a batch.</summary>
    /// <param name="context">B signals; the caller keeps them.</param>
    /// <returns>θ of the learner's target with a batch axis B, without a graph; it joins the caller's dispose scope. What all signals share
    /// it may share with the learner's weights too: leave its numbers as they are, or clone it.</returns>
    /// <exception cref="ArgumentException">The signals do not fit the learner.</exception>
    ParameterSet Adapt(SignalBatch context);
}
