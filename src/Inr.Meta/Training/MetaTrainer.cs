using System.Diagnostics;

namespace Inr.Meta;

/// <summary>The outer loop that all meta-learners share: batches, Adam, schedule, clipping, checkpoints, resume, held-out signals, progress.</summary>
/// <remarks>
/// Step t (from 0) draws its batch, its samples and its noise from (seed, t) alone, and the optimizer's state is in the
/// checkpoint, so that a resumed run gives the very numbers of one that was never interrupted. The loop runs on the
/// calling thread.
/// </remarks>
public sealed class MetaTrainer
{
    private readonly IMetaObjective _objective;
    private readonly MetaTrainingOptions _options;

    /// <summary>Creates a trainer.</summary>
    /// <param name="objective">The learner's side.</param>
    /// <param name="options">How to train; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public MetaTrainer(IMetaObjective objective, MetaTrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(objective);
        options ??= new MetaTrainingOptions();
        new MetaTrainingOptionsValidator().ThrowIfInvalid(options);
        if (objective.Weights.Count == 0)
            throw new ArgumentException("The objective has no weights to train.", nameof(objective));
        _objective = objective;
        _options = options with { LearningRate = options.LearningRate ?? objective.SuggestedLearningRate };
    }

    /// <summary>Trains the objective's weights in place.</summary>
    /// <param name="signals">The signals to learn from.</param>
    /// <param name="progress">Told every <see cref="MetaTrainingOptions.ReportEvery"/> steps where the training stands.</param>
    /// <param name="cancellationToken">Ends the training within a step.</param>
    /// <exception cref="ArgumentException">There is no signal.</exception>
    /// <exception cref="InrException">No signal can be read.</exception>
    /// <exception cref="InrFileException">The checkpoint to resume from is damaged or of another configuration, or one cannot be written.</exception>
    /// <exception cref="DivergedException">A loss or the gradient became NaN or infinite. The weights are the last good ones.</exception>
    public MetaTrainingResult Run(ISignalDataset signals, IProgress<MetaTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signals);
        if (signals.Count == 0)
            throw new ArgumentException("The data set is empty; meta-learning needs signals to learn from.", nameof(signals));
        using var run = new MetaTrainingRun(_objective, _options, signals, progress, Stopwatch.StartNew());
        return run.Execute(cancellationToken);
    }
}
