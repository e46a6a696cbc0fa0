namespace Inr.Examples;

/// <summary>A meta-learner of your own: its initial θ is the mean of fits of the signals that it saw, and a few steps adapt it.</summary>
public sealed class AveragedFits : IMetaLearner
{
    public const string Kind = "averaged-fits";

    private readonly ITrainableTarget _target;
    private readonly int _steps;
    private readonly ParameterSet _theta;

    public AveragedFits(ITrainableTarget target, int steps, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(target);
        _target = target;
        _steps = steps;
        using var generator = new Generator((ulong)seed);
        _theta = target.Initialize(generator).DetachFromDisposeScope();
    }

    public ITargetFunction Target => _target;

    public MetaLearnerDescription Description => new(Kind, new System.Text.Json.Nodes.JsonObject { ["steps"] = _steps }, _target.Description);

    // What a file of the learner stores.
    public IReadOnlyList<MetaWeight> Weights => [.. _theta.Layout.Zip(_theta.Tensors, (spec, tensor) => new MetaWeight(spec.Name, tensor))];

    public MetaTrainingResult Train(ISignalDataset signals, MetaTrainingOptions? options = null, IProgress<MetaTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var sums = _theta.Tensors.Select(t => zeros_like(t)).ToArray();
        double loss = 0;
        int seen = 0;
        for (; seen < signals.Count && !cancellationToken.IsCancellationRequested; seen++)
        {
            using var signal = signals.Load(seen);
            using var fit = Fitter().FitFrom(_theta, signal, cancellationToken: cancellationToken);
            loss += fit.Loss;
            for (int i = 0; i < sums.Length; i++)
                sums[i].add_(fit.Representation.Parameters[i]);
        }

        for (int i = 0; i < sums.Length && seen > 0; i++)
            _theta[i].copy_(sums[i] / seen);
        bool all = seen == signals.Count;
        return new MetaTrainingResult
        {
            Status = all ? MetaTrainingStatus.Completed : MetaTrainingStatus.Cancelled,
            Message = $"The mean of {seen} fits.",
            Steps = seen,
            Loss = seen == 0 ? double.NaN : loss / seen,
            Elapsed = clock.Elapsed,
            History = [],
            Skipped = [],
        };
    }

    public ParameterSet Adapt(SignalBatch context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        var sets = new List<ParameterSet>();
        for (long b = 0; b < context.Count; b++)
        {
            var places = context.Coordinates.dim() == 3 ? context.Coordinates[b] : context.Coordinates;
            using var signal = new Signal(places.clone(), context.Values[b].clone());
            using var fit = Fitter().FitFrom(_theta, signal);
            sets.Add(fit.Representation.Parameters.Clone());
        }

        return ParameterSet.Stack([.. sets]).DetachFromDisposeScope();
    }

    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Fitter().FitFrom(_theta, context, progress, cancellationToken);

    public void Dispose() => _theta.Dispose();

    private GradientFitter Fitter() => new(_target, new GradientFitterOptions { Steps = _steps, LearningRate = 0.05 });
}
