namespace Inr.Meta;

/// <summary>A tensor that all signals share: fixed frequencies, structure codes, and what a closed form solves afterwards.</summary>
internal sealed class SharedBlock : WeightBlock
{
    private readonly int _index;
    private readonly ParameterSpec _base;

    public SharedBlock(string name, ParameterLayout layout, int index)
        : base(name, 0, null)
    {
        var spec = layout[index];
        _index = index;
        _base = new ParameterSpec($"base_params.{name}", spec.Shape, spec.Role, spec.IsTrainable);
    }

    public override IReadOnlyList<ParameterSpec> BaseSpecs => [_base];

    public override IEnumerable<Tensor> InitializeBase(ParameterSet initial, Generator generator) => [initial[_index].clone()];

    public override void Fill(ParameterSet weights, Tensor? numbers, long batch, Tensor[] theta)
    {
        var shared = weights[_base.Name];
        theta[_index] = shared.unsqueeze(0).expand([batch, .. shared.shape]);
    }
}
