using Inr.Meta;

namespace Inr.Studies;

/// <summary>A learner that someone else disposes of.</summary>
internal sealed class Borrowed(IMetaLearner learner) : IMetaLearner
{
    public ITargetFunction? Target => learner.Target;

    public MetaLearnerDescription Description => learner.Description;

    public IReadOnlyList<MetaWeight> Weights => learner.Weights;

    public MetaTrainingResult Train(ISignalDataset signals, MetaTrainingOptions? options = null, IProgress<MetaTrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        learner.Train(signals, options, progress, cancellationToken);

    public ParameterSet Adapt(SignalBatch context) => learner.Adapt(context);

    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default) => learner.Fit(context, progress, cancellationToken);

    public void Dispose()
    {
        // The owner does.
    }
}
