namespace Inr.Meta;

/// <summary>What adapts: numbers φ, one row per task, and how they and the shared weights make up θ.</summary>
/// <remarks>The weights live in a few flat vectors, so that a step over all tensors is a handful of native calls.</remarks>
internal abstract class AdaptationSpace : IDisposable
{
    protected const string InitialName = "initial";
    protected const string MapWeightName = "map.weight";
    protected const string MapBiasName = "map.bias";
    private const string SharedName = "shared";
    private const string FrozenName = "frozen";

    private readonly FlatPart _shared;
    private readonly FlatPart _frozen;
    private readonly List<MetaWeight> _weights = [];
    private readonly Tensor? _sharedFlat;
    private readonly Tensor? _frozenFlat;

    /// <param name="initial">θ to start from; its type and device are those of all weights.</param>
    /// <param name="plan">Which parts of θ are shared and frozen.</param>
    protected AdaptationSpace(ParameterSet initial, SpacePlan plan)
    {
        Layout = initial.Layout;
        _shared = plan.Shared;
        _frozen = plan.Frozen;
        if (_shared.Count > 0)
            _sharedFlat = Learn(SharedName, _shared.Gather(initial));
        if (_frozen.Count > 0)
        {
            _frozenFlat = _frozen.Gather(initial).DetachFromDisposeScope();
            _weights.Add(new MetaWeight(FrozenName, _frozenFlat, RateScale: 0));
        }
    }

    /// <summary>The weights of the outer loop.</summary>
    public IReadOnlyList<MetaWeight> Weights => _weights;

    /// <summary>The numbers of φ that belong to one tensor each; their sum is the length of φ.</summary>
    public abstract IReadOnlyList<long> TensorSizes { get; }

    /// <summary>The layout of θ.</summary>
    protected ParameterLayout Layout { get; }

    /// <summary>φ before the first step; shape [B,P], with a graph to the weights it comes from.</summary>
    public abstract Tensor Start(long batch);

    /// <summary>θ of each task, as views where possible.</summary>
    /// <param name="adapted">φ; shape [B,P].</param>
    /// <param name="withGraph">Whether gradients flow to the shared weights too.</param>
    public abstract ParameterSet Assemble(Tensor adapted, bool withGraph);

    /// <summary>Whether shared weights exist, whose gradient needs more than φ.</summary>
    public bool HasShared => _sharedFlat is not null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in _weights)
            weight.Tensor.Dispose();
    }

    /// <summary>Makes a learned weight.</summary>
    protected Tensor Learn(string name, Tensor value)
    {
        var leaf = value.detach().requires_grad_().DetachFromDisposeScope();
        _weights.Add(new MetaWeight(name, leaf));
        return leaf;
    }

    /// <summary>Puts the shared and the frozen tensors into the places of θ.</summary>
    protected void ScatterShared(Tensor[] tensors, long batch, bool withGraph)
    {
        if (_sharedFlat is not null)
            _shared.Scatter(Rows(withGraph ? _sharedFlat : _sharedFlat.detach(), batch), tensors);
        if (_frozenFlat is not null)
            _frozen.Scatter(Rows(_frozenFlat, batch), tensors);
    }

    /// <summary>The names and shapes of the weights that the parts of a plan become.</summary>
    protected static IEnumerable<ParameterSpec> Specs(FlatPart shared, FlatPart frozen)
    {
        if (shared.Count > 0)
            yield return Spec(SharedName, shared.Count);
        if (frozen.Count > 0)
            yield return Spec(FrozenName, frozen.Count);
    }

    /// <summary>A weight of a shape.</summary>
    protected static ParameterSpec Spec(string name, params long[] shape) => new(name, shape, ParameterRole.Weight);

    /// <summary>The same vector for each task, without a copy.</summary>
    protected static Tensor Rows(Tensor flat, long batch) => flat.unsqueeze(0).expand(batch, flat.shape[0]);
}
