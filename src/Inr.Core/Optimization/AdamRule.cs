using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Inr.Optimization;

/// <summary>Adam (Kingma and Ba, 2015), and AdamW where the weight decay is decoupled (Loshchilov and Hutter, 2019).</summary>
/// <remarks>
/// <c>m ← β₁m + (1−β₁)g</c>, <c>v ← β₂v + (1−β₂)g²</c>, <c>d = (m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε)</c>. Decoupled decay adds
/// λθ to d, so that θ shrinks by η·λ; otherwise λθ is added to g. Differentiable except where v = 0 exactly.
/// </remarks>
public sealed class AdamRule : IUpdateRule
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly double _weightDecay;
    private readonly bool _decoupled;

    /// <summary>Creates the rule.</summary>
    /// <param name="beta1">β₁ in [0,1); 0.9 by default.</param>
    /// <param name="beta2">β₂ in [0,1); 0.999 by default.</param>
    /// <param name="epsilon">ε, above 0; 1e-8 by default.</param>
    /// <param name="weightDecay">λ, at least 0; 0 by default.</param>
    /// <param name="decoupledDecay">True for AdamW.</param>
    public AdamRule(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool decoupledDecay = false)
    {
        if (!(beta1 is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(beta1), beta1, "β₁ lies in [0,1).");
        if (!(beta2 is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(beta2), beta2, "β₂ lies in [0,1).");
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(epsilon, 0);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        _beta1 = beta1;
        _beta2 = beta2;
        _epsilon = epsilon;
        _weightDecay = weightDecay;
        _decoupled = decoupledDecay;
    }

    /// <inheritdoc/>
    public UpdateRuleDescription Description => new("adam", new JsonObject
    {
        ["beta1"] = _beta1,
        ["beta2"] = _beta2,
        ["epsilon"] = _epsilon,
        ["weightDecay"] = _weightDecay,
        ["decoupledDecay"] = _decoupled,
    });

    /// <inheritdoc/>
    public OptimizerState Initialize(IReadOnlyList<Tensor> parameters) =>
        new(0, [.. parameters.Select(p => zeros_like(p)), .. parameters.Select(p => zeros_like(p))]);

    /// <inheritdoc/>
    public (Tensor[] Directions, OptimizerState State) Direct(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> gradients, OptimizerState state)
    {
        int n = gradients.Count;
        int step = state.Step + 1;
        double scale1 = 1 / (1 - Math.Pow(_beta1, step));
        double root2 = Math.Sqrt(1 - Math.Pow(_beta2, step));
        var directions = new Tensor[n];
        var moments = new Tensor[2 * n];
        for (int i = 0; i < n; i++)
        {
            var g = _weightDecay == 0 || _decoupled ? gradients[i] : gradients[i].add(parameters[i], alpha: _weightDecay);
            var m = moments[i] = state.Tensors[i].mul(_beta1).add(g, alpha: 1 - _beta1);
            var v = moments[n + i] = state.Tensors[n + i].mul(_beta2).addcmul(g, g, 1 - _beta2);
            var d = m.mul(scale1).div(v.sqrt().div(root2).add(_epsilon));
            directions[i] = _decoupled && _weightDecay != 0 ? d.add(parameters[i], alpha: _weightDecay) : d;
        }

        return (directions, new OptimizerState(step, moments));
    }

    /// <summary>A whole step of numbers in memory: gradient, moments and θ' in one pass instead of ten.</summary>
    /// <param name="parameters">The tensors before the step.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="state">The state before the step; it stays valid.</param>
    /// <param name="learningRate">η.</param>
    /// <returns>θ' and the state after the step; null where a tensor is not contiguous, in float32 and on the CPU.</returns>
    internal (Tensor[] Parameters, OptimizerState State)? TryStep(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> gradients, OptimizerState state, double learningRate)
    {
        if (!parameters.All(IsPlain) || !gradients.All(IsPlain) || !state.Tensors.All(IsPlain))
            return null;
        int n = parameters.Count;
        int step = state.Step + 1;
        var pass = new AdamPass
        {
            Beta1 = (float)_beta1,
            Rest1 = (float)(1 - _beta1),
            Beta2 = (float)_beta2,
            Rest2 = (float)(1 - _beta2),
            Scale1 = (float)(1 / (1 - Math.Pow(_beta1, step))),
            Scale2 = (float)(1 / Math.Sqrt(1 - Math.Pow(_beta2, step))),
            Epsilon = (float)_epsilon,
            Decay = _decoupled ? 0 : (float)_weightDecay,
            DecoupledDecay = _decoupled ? (float)_weightDecay : 0,
            Rate = (float)learningRate,
        };
        var updated = new Tensor[n];
        var moments = new Tensor[2 * n];
        for (int i = 0; i < n; i++)
        {
            updated[i] = empty_like(parameters[i]);
            moments[i] = empty_like(parameters[i]);
            moments[n + i] = empty_like(parameters[i]);
            pass.Run(Numbers(parameters[i]), Numbers(gradients[i]), Numbers(state.Tensors[i]), Numbers(state.Tensors[n + i]),
                Numbers(updated[i]), Numbers(moments[i]), Numbers(moments[n + i]));
        }

        return (updated, new OptimizerState(step, moments));
    }

    // TorchSharp's span of bytes ends at 2 GB.
    private static bool IsPlain(Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32 && tensor.is_contiguous() && tensor.numel() <= int.MaxValue / sizeof(float);

    private static Span<float> Numbers(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
