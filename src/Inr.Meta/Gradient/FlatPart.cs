namespace Inr.Meta;

/// <summary>Some tensors of θ, kept end to end in one vector: one native call updates them all, and one splits them.</summary>
internal sealed class FlatPart
{
    private readonly ParameterLayout _layout;
    private readonly int[] _places;
    private readonly long[] _sizes;

    /// <param name="layout">The layout of θ.</param>
    /// <param name="places">Which of its tensors, in order.</param>
    public FlatPart(ParameterLayout layout, IEnumerable<int> places)
    {
        _layout = layout;
        _places = [.. places];
        _sizes = [.. _places.Select(i => layout[i].Count)];
        Count = _sizes.Sum();
    }

    /// <summary>The tensors, as places in the layout.</summary>
    public IReadOnlyList<int> Places => _places;

    /// <summary>The numbers in the vector.</summary>
    public long Count { get; }

    /// <summary>The numbers of each tensor.</summary>
    public IReadOnlyList<long> Sizes => _sizes;

    /// <summary>The tensors of θ end to end; shape [P].</summary>
    public Tensor Gather(ParameterSet parameters)
    {
        using var scope = NewDisposeScope();
        return cat([.. _places.Select(i => parameters[i].detach().reshape(-1))]).clone().MoveToOuterDisposeScope();
    }

    /// <summary>Puts views of the vectors into the places of θ.</summary>
    /// <param name="flat">Shape [B,P]; gradients flow through the views.</param>
    /// <param name="tensors">One place per entry of the layout.</param>
    public void Scatter(Tensor flat, Tensor[] tensors)
    {
        if (_places.Length == 0)
            return;
        var pieces = _places.Length == 1 ? [flat] : flat.split(_sizes, 1);
        for (int i = 0; i < pieces.Length; i++)
            tensors[_places[i]] = pieces[i].reshape([flat.shape[0], .. _layout[_places[i]].Shape]);
    }
}
