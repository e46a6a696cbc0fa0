namespace Inr.Meta;

/// <summary>A tensor that is no dense layer (coefficients, cuts, angles): g tokens share out its P numbers, and each number is generated.</summary>
internal sealed class FreeBlock : WeightBlock
{
    private readonly int _index;
    private readonly long[] _shape;
    private readonly long _count;
    private readonly long _each;
    private readonly GroupOrder _order;
    private readonly bool _scales;
    private readonly ParameterSpec _base;

    public FreeBlock(string name, ParameterLayout layout, int index, int groups, TransformerOptions options)
        : base(name, (int)Math.Min(groups, layout[index].Count), new TokenHead(name, options.Dimension, Each(layout[index].Count, groups)))
    {
        _index = index;
        _shape = [.. layout[index].Shape];
        _count = layout[index].Count;
        _each = Each(_count, groups);
        _order = options.GroupOrder;
        _scales = options.UpdateRule == WeightUpdateRule.Scale;
        _base = new ParameterSpec($"base_params.{name}", _shape, layout[index].Role);
    }

    public override IReadOnlyList<ParameterSpec> BaseSpecs => [_base];

    public override IEnumerable<Tensor> InitializeBase(ParameterSet initial, Generator generator) => [initial[_index].clone()];

    public override void Fill(ParameterSet weights, Tensor? numbers, long batch, Tensor[] theta)
    {
        // The last token may have numbers to spare.
        var order = _order == GroupOrder.Strided ? numbers!.transpose(1, 2) : numbers!;
        var x = order.reshape(batch, Tokens * _each).narrow(1, 0, _count).reshape([batch, .. _shape]);
        var shared = weights[_base.Name];
        theta[_index] = _scales ? shared * (1 + x) : shared + x;
    }

    private static long Each(long count, int groups)
    {
        long tokens = Math.Min(groups, count);
        return (count + tokens - 1) / tokens;
    }
}
