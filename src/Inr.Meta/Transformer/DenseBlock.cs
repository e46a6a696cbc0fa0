namespace Inr.Meta;

/// <summary>A dense layer whose columns (the incoming weights of one neuron) are generated in groups.</summary>
/// <remarks>
/// The base is the one matrix <c>base_params.NAME [fan_in+1, fan_out]</c> of the official code, whose last row is the
/// bias. Here a neuron is a row, as in the target's <c>weight [fan_out, fan_in]</c>, so that nothing is transposed per signal.
/// </remarks>
internal sealed class DenseBlock : WeightBlock
{
    // Keeps a column of zeros at zero instead of dividing by 0.
    private const double SmallestNorm = 1e-12;

    private readonly int _weightIndex;
    private readonly long _inputs;
    private readonly long _outputs;
    private readonly GroupOrder _order;
    private readonly WeightUpdateRule _rule;
    private readonly bool _instanceBias;
    private readonly ParameterSpec _base;
    private readonly ParameterSpec? _shared;

    public DenseBlock(string name, ParameterLayout layout, int weightIndex, int groups, TransformerOptions options)
        : base(name, Groups(layout, weightIndex, groups), new TokenHead(name, options.Dimension, layout[weightIndex].Shape[1] + (options.InstanceBiases ? 1 : 0)))
    {
        _weightIndex = weightIndex;
        (_outputs, _inputs) = (layout[weightIndex].Shape[0], layout[weightIndex].Shape[1]);
        _order = options.GroupOrder;
        _rule = options.UpdateRule;
        _instanceBias = options.InstanceBiases;
        _base = new ParameterSpec($"base_params.{name}", [_inputs + 1, _outputs], ParameterRole.Weight);
        _shared = _rule == WeightUpdateRule.LowRank ? new ParameterSpec($"low_rank.{name}", [Tokens, _outputs], ParameterRole.Weight) : null;
    }

    public override IReadOnlyList<ParameterSpec> BaseSpecs => _shared is null ? [_base] : [_base, _shared];

    public override IEnumerable<Tensor> InitializeBase(ParameterSet initial, Generator generator)
    {
        yield return cat([initial[_weightIndex].t(), initial[_weightIndex + 1].unsqueeze(0)], 0);
        // So that x·U keeps the variance of x, whatever the rank, and starts as small as a drawn layer.
        if (_shared is not null)
            yield return randn([.. _shared.Shape], dtype: float32, device: CPU, generator: generator) / Math.Sqrt(Tokens * _inputs);
    }

    public override void Fill(ParameterSet weights, Tensor? numbers, long batch, Tensor[] theta)
    {
        var matrix = weights[_base.Name];
        var w = matrix.narrow(0, 0, _inputs).t().contiguous();
        var b = matrix.select(0, _inputs);
        var x = numbers!.narrow(2, 0, _inputs);
        theta[_weightIndex] = _rule switch
        {
            WeightUpdateRule.Normalize => UnitRows(Combine(w, x, static (w, x) => w * x)),
            WeightUpdateRule.Scale => Combine(w, x, static (w, x) => w * (1 + x)),
            WeightUpdateRule.Add => Combine(w, x, static (w, x) => w + x),
            _ => w + Mix(weights, x, batch),
        };
        theta[_weightIndex + 1] = _instanceBias ? Bias(weights, b, numbers.narrow(2, _inputs, 1), batch) : b.unsqueeze(0).expand(batch, _outputs);
    }

    private Tensor Bias(ParameterSet weights, Tensor b, Tensor x, long batch) => _rule == WeightUpdateRule.LowRank
        ? b + Mix(weights, x, batch).squeeze(-1)
        : Combine(b.unsqueeze(-1), x, static (b, x) => b + x).squeeze(-1);

    // Every group's column x[:,t] meets the base rows of its group: [out,n] and [B,g,n] give [B,out,n].
    private Tensor Combine(Tensor w, Tensor x, Func<Tensor, Tensor, Tensor> rule)
    {
        long batch = x.shape[0];
        long size = x.shape[2];
        if (_outputs % Tokens != 0)
            return rule(w, x.index_select(1, GroupOfNeuron(x.device)));
        long each = _outputs / Tokens;
        return _order == GroupOrder.Strided
            ? rule(w.reshape(each, Tokens, size), x.unsqueeze(1)).reshape(batch, _outputs, size)
            : rule(w.reshape(Tokens, each, size), x.unsqueeze(2)).reshape(batch, _outputs, size);
    }

    private Tensor GroupOfNeuron(Device device)
    {
        var neuron = arange(_outputs, dtype: int64, device: device);
        return _order == GroupOrder.Strided ? neuron.remainder(Tokens) : (neuron * Tokens).div(_outputs, RoundingMode.floor);
    }

    // (x·U) as [B,out,n], from x [B,g,n] and U [g,out].
    private Tensor Mix(ParameterSet weights, Tensor x, long batch)
    {
        var u = weights[_shared!.Name].t().unsqueeze(0).expand(batch, _outputs, Tokens);
        return bmm(u, x);
    }

    private static Tensor UnitRows(Tensor w) => w / w.norm(-1, true, 2).clamp_min(SmallestNorm);

    private static int Groups(ParameterLayout layout, int weightIndex, int groups) => (int)Math.Min(groups, layout[weightIndex].Shape[0]);
}
