namespace Inr.Meta;

/// <summary>Keeps an exponential moving average of the weights of another objective, and judges by it.</summary>
/// <remarks>
/// After step n: <c>a ← a + (1 − d)(w − a)</c> with <c>d = min(decay, (1 + n)/(10 + n))</c>, so that the first weights are
/// soon forgotten. Averages and n are weights that no gradient trains: checkpoints hold them, and a resumed run goes on
/// with the same numbers. <see cref="Finish"/> puts the averages in the place of the weights.
/// </remarks>
public sealed class AveragedObjective : IMetaObjective, IDisposable
{
    private readonly IMetaObjective _inner;
    private readonly double _decay;
    private readonly MetaWeight[] _trained;
    private readonly MetaWeight[] _averages;
    private readonly MetaWeight _count;

    /// <summary>Trains an objective, with averaged weights where a decay is given.</summary>
    /// <param name="objective">The learner's side.</param>
    /// <param name="decay">The decay of the average; null trains without one.</param>
    /// <param name="options">How to train.</param>
    /// <param name="signals">The signals to learn from.</param>
    /// <param name="progress">Told now and then where the training stands.</param>
    /// <param name="cancellationToken">Ends the training within a step.</param>
    public static MetaTrainingResult Train(IMetaObjective objective, double? decay, MetaTrainingOptions? options, ISignalDataset signals, IProgress<MetaTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (decay is not { } d)
            return new MetaTrainer(objective, options).Run(signals, progress, cancellationToken);
        using var averaged = new AveragedObjective(objective, d);
        var result = new MetaTrainer(averaged, options).Run(signals, progress, cancellationToken);
        averaged.Finish();
        return result;
    }

    /// <summary>Averages the trained weights of an objective.</summary>
    /// <param name="inner">The objective.</param>
    /// <param name="decay">Below 1; the closer, the longer the average.</param>
    public AveragedObjective(IMetaObjective inner, double decay)
    {
        _inner = inner;
        _decay = decay;
        _trained = [.. inner.Weights.Where(w => w.IsTrained)];
        _averages = [.. _trained.Select(w => new MetaWeight($"average.{w.Name}", w.Tensor.detach().clone().DetachFromDisposeScope(), 0))];
        _count = new MetaWeight("average.count", zeros([1], _trained[0].Tensor.dtype, _trained[0].Tensor.device).DetachFromDisposeScope(), 0);
        Weights = [.. inner.Weights, .. _averages, _count];
    }

    /// <inheritdoc/>
    public IReadOnlyList<MetaWeight> Weights { get; }

    /// <inheritdoc/>
    public double SuggestedLearningRate => _inner.SuggestedLearningRate;

    /// <inheritdoc/>
    public string Configuration => FormattableString.Invariant($"{_inner.Configuration} averaged {_decay}");

    /// <inheritdoc/>
    public void Begin(int step) => _inner.Begin(step);

    /// <inheritdoc/>
    public MetaGradient Differentiate(MetaBatch batch, Generator generator) => _inner.Differentiate(batch, generator);

    /// <inheritdoc/>
    public Tensor Judge(MetaBatch batch)
    {
        Swap();
        try
        {
            return _inner.Judge(batch);
        }
        finally
        {
            Swap();
        }
    }

    /// <inheritdoc/>
    public string Diagnose(MetaBatch batch, int task) => _inner.Diagnose(batch, task);

    /// <inheritdoc/>
    public void Project()
    {
        _inner.Project();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        double n = _count.Tensor.item<float>();
        double share = 1 - Math.Min(_decay, (1 + n) / (10 + n));
        _count.Tensor.add_(1);
        for (int i = 0; i < _trained.Length; i++)
            _averages[i].Tensor.lerp_(_trained[i].Tensor, share);
    }

    /// <summary>Puts the averages in the place of the weights.</summary>
    public void Finish()
    {
        using var _ = no_grad();
        for (int i = 0; i < _trained.Length; i++)
            _trained[i].Tensor.copy_(_averages[i].Tensor);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _count.Tensor.Dispose();
        foreach (var average in _averages)
            average.Tensor.Dispose();
    }

    private void Swap()
    {
        using var _ = no_grad();
        for (int i = 0; i < _trained.Length; i++)
        {
            using var kept = _trained[i].Tensor.clone();
            _trained[i].Tensor.copy_(_averages[i].Tensor);
            _averages[i].Tensor.copy_(kept);
        }
    }
}
