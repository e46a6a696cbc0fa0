namespace Inr.Optimization;

/// <summary>An optimizer that follows an <see cref="IUpdateRule"/>: θ' = θ − η·d.</summary>
public sealed class FirstOrderOptimizer : IOptimizer
{
    private readonly IUpdateRule _rule;
    private readonly double? _clipNorm;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="rule">Turns gradients into directions.</param>
    /// <param name="clipNorm">The largest joint norm of the gradients; larger ones are scaled down to it. None by default.</param>
    public FirstOrderOptimizer(IUpdateRule rule, double? clipNorm = null)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (clipNorm is <= 0)
            throw new ArgumentOutOfRangeException(nameof(clipNorm), clipNorm, "The clip norm is above 0.");
        _rule = rule;
        _clipNorm = clipNorm;
    }

    /// <inheritdoc/>
    public OptimizerState Initialize(IReadOnlyList<Tensor> parameters) => _rule.Initialize(parameters);

    /// <inheritdoc/>
    public (Tensor[] Parameters, OptimizerState State, Tensor Loss) Step(IReadOnlyList<Tensor> parameters, OptimizerState state, LossWithGradient objective, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(objective);
        var (loss, gradients) = objective(parameters);
        using var _ = no_grad();
        if (_clipNorm is { } limit)
            gradients = GradientClipping.ByJointNorm(gradients, limit);
        if ((_rule as AdamRule)?.TryStep(parameters, gradients, state, learningRate) is { } whole)
            return (whole.Parameters, whole.State, loss);
        var (directions, next) = _rule.Direct(parameters, gradients, state);
        var updated = new Tensor[directions.Length];
        for (int i = 0; i < updated.Length; i++)
            updated[i] = parameters[i].add(directions[i], alpha: -learningRate);
        return (updated, next, loss);
    }
}
