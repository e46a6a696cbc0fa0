using System.Text.Json.Nodes;

namespace Inr.Optimization;

/// <summary>Stochastic gradient descent with optional momentum (heavy ball; Polyak 1964) and L2 weight decay.</summary>
/// <remarks>
/// <c>g ← g + λθ</c>, <c>v ← μv + g</c> (v = g at the first step), <c>d = v</c>, or <c>g + μv</c> with Nesterov's form:
/// the recurrences of PyTorch's SGD with dampening 0.
/// </remarks>
public sealed class SgdRule : IUpdateRule
{
    private readonly double _momentum;
    private readonly double _weightDecay;
    private readonly bool _nesterov;

    /// <summary>Creates the rule.</summary>
    /// <param name="momentum">μ in [0,1); 0 by default.</param>
    /// <param name="weightDecay">λ, at least 0; 0 by default.</param>
    /// <param name="nesterov">Whether to look ahead; needs momentum.</param>
    public SgdRule(double momentum = 0, double weightDecay = 0, bool nesterov = false)
    {
        if (!(momentum is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "Momentum lies in [0,1).");
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        if (nesterov && momentum == 0)
            throw new ArgumentException("Nesterov's form needs a momentum above 0.", nameof(nesterov));
        _momentum = momentum;
        _weightDecay = weightDecay;
        _nesterov = nesterov;
    }

    /// <inheritdoc/>
    public UpdateRuleDescription Description => new("sgd", new JsonObject
    {
        ["momentum"] = _momentum,
        ["weightDecay"] = _weightDecay,
        ["nesterov"] = _nesterov,
    });

    /// <inheritdoc/>
    public OptimizerState Initialize(IReadOnlyList<Tensor> parameters) =>
        new(0, _momentum == 0 ? [] : [.. parameters.Select(p => zeros_like(p))]);

    /// <inheritdoc/>
    public (Tensor[] Directions, OptimizerState State) Direct(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> gradients, OptimizerState state)
    {
        var directions = new Tensor[gradients.Count];
        var velocities = new Tensor[_momentum == 0 ? 0 : gradients.Count];
        for (int i = 0; i < directions.Length; i++)
        {
            var g = _weightDecay == 0 ? gradients[i] : gradients[i].add(parameters[i], alpha: _weightDecay);
            if (_momentum == 0)
            {
                directions[i] = g;
                continue;
            }

            velocities[i] = state.Step == 0 ? g.clone() : g.add(state.Tensors[i], alpha: _momentum);
            directions[i] = _nesterov ? g.add(velocities[i], alpha: _momentum) : velocities[i];
        }

        return (directions, new OptimizerState(state.Step + 1, velocities));
    }
}
