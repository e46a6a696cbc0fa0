using Inr.Optimization;

namespace Inr.Meta;

/// <summary>Applies the outer update rule to all trained weights as one vector: a dozen native calls a step, however many tensors there are.</summary>
internal sealed class OuterUpdate : IDisposable
{
    private readonly IReadOnlyList<MetaWeight> _weights;
    private readonly IUpdateRule _rule;
    private readonly MetaTrainingOptions _options;
    // One factor of the learning rate per number; null where all are 1.
    private readonly Tensor? _scales;

    public OuterUpdate(IReadOnlyList<MetaWeight> weights, MetaTrainingOptions options)
    {
        _weights = [.. weights.Where(w => w.IsTrained)];
        _options = options;
        _rule = options.Rule ?? new AdamRule();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (_weights.Any(w => w.RateScale != 1))
            _scales = Flat(_weights.Select(w => full_like(w.Tensor, w.RateScale))).DetachFromDisposeScope();
        State = _rule.Initialize([Flat(_weights.Select(w => w.Tensor))]).DetachFromDisposeScope();
    }

    /// <summary>What the rule remembers.</summary>
    public OptimizerState State { get; private set; }

    /// <summary>Replaces what the rule remembers; takes ownership.</summary>
    public void Restore(OptimizerState state)
    {
        State.Dispose();
        State = state.DetachFromDisposeScope();
    }

    /// <summary>One step of the weights, in place.</summary>
    /// <returns>False where the gradient is not finite: nothing was changed.</returns>
    public bool Apply(IReadOnlyList<Tensor> gradients, int step)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var gradient = Flat(gradients);
        double norm = gradient.norm().to(float64).item<double>();
        if (!double.IsFinite(norm))
            return false;
        if (_options.ClipNorm is { } limit && norm > limit)
            gradient = gradient * (limit / norm);

        var weights = Flat(_weights.Select(w => w.Tensor));
        var (directions, next) = _rule.Direct([weights], [gradient], State);
        double rate = _options.LearningRate!.Value * _options.Schedule.Factor(step, _options.Steps);
        var moved = _scales is null ? weights.add(directions[0], alpha: -rate) : weights.addcmul(directions[0], _scales, -rate);
        long offset = 0;
        foreach (var weight in _weights)
        {
            long count = weight.Tensor.numel();
            weight.Tensor.copy_(moved.narrow(0, offset, count).view(weight.Tensor.shape));
            offset += count;
        }

        Restore(next);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        State.Dispose();
        _scales?.Dispose();
    }

    private static Tensor Flat(IEnumerable<Tensor> tensors) => cat([.. tensors.Select(t => t.detach().reshape(-1))]);
}
