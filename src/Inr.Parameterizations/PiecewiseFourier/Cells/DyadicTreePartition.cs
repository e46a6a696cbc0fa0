using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>The dyadic tree of one signal with its cuts, as a family of partitions: the tree is fixed, the cuts are learned.</summary>
/// <remarks>
/// Leaf g is the group of the sets 2g and 2g + 1, before and behind its cut; a leaf without a cut leaves the second one empty.
/// Softly the two share a point by <c>σ(±distance/width)</c>, the distance in samples of the fitted grid. The numbers of the
/// tree (one a node) count beside those of the cuts. <see cref="PiecewiseFourierTarget.PartitionOf"/> makes one.
/// </remarks>
public sealed class DyadicTreePartition : IPartitionFamily
{
    private readonly PiecewiseStructure _structure;
    private readonly float[] _cuts;
    private readonly float[] _curvatures;

    internal DyadicTreePartition(PiecewiseStructure structure, float[] cuts, float[] curvatures)
    {
        _structure = structure;
        _cuts = cuts;
        _curvatures = curvatures;
        var shape = structure.Shape;
        FloatCount = shape.Nodes + cuts.Length + curvatures.Length;
        Parameters =
        [
            new ParameterSpec(PiecewiseParameters.Cuts, [shape.Cuts, Dimension], ParameterRole.Indicator),
            .. shape.Curvatures > 0 ? [new ParameterSpec(PiecewiseParameters.Curvatures, [shape.Curvatures], ParameterRole.Indicator)] : Array.Empty<ParameterSpec>(),
        ];
    }

    /// <inheritdoc/>
    public int Dimension => _structure.Shape.Grid.Length;

    /// <summary>Two a leaf, the second one empty where there is no cut.</summary>
    public int RegionCount => 2 * _structure.Leaves.Length;

    /// <summary>2: the sides of a leaf's cut.</summary>
    public int RegionsPerPoint => 2;

    /// <summary>One number a node of the tree, and those of the cuts.</summary>
    public long FloatCount { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <summary>The cuts that were fitted with the tree; nothing is drawn.</summary>
    /// <param name="generator">Not used.</param>
    public Tensor[] Initialize(Generator generator)
    {
        Tensor cuts = tensor(_cuts, [(long)_structure.Shape.Cuts, Dimension], device: CPU);
        return _curvatures.Length > 0 ? [cuts, tensor(_curvatures, device: CPU)] : [cuts];
    }

    /// <inheritdoc/>
    public PartitionMembership Locate(IReadOnlyList<Tensor> indicators, Tensor coordinates, double width)
    {
        ArgumentNullException.ThrowIfNull(indicators);
        ArgumentNullException.ThrowIfNull(coordinates);
        using var scope = NewDisposeScope();
        var shape = _structure.Shape;
        int d = Dimension;
        long batch = coordinates.shape[0], count = coordinates.shape[1];
        var (dtype, device) = (coordinates.dtype, coordinates.device);
        Tensor Table(Func<PiecewiseStructure.Leaf, IEnumerable<double>> row, int columns) =>
            tensor(_structure.Leaves.SelectMany(row).ToArray(), [_structure.Leaves.Length, (long)columns], ScalarType.Float64, device).to(dtype);

        var grid = tensor(shape.Grid.Select(n => (double)n).ToArray(), dtype, device);
        var samples = (coordinates + 1) * 0.5 * grid;
        var cell = zeros([batch, count], ScalarType.Int64, device);
        for (int a = 0; a < d; a++)
        {
            var at = samples.detach().select(-1, a).floor().clamp(0, shape.Grid[a] - 1).to(ScalarType.Int64).div(shape.MinSide, RoundingMode.floor);
            cell = (cell * _structure.CellCounts[a]) + at;
        }

        var leaf = tensor(_structure.LeafOfCell.Select(l => (long)l).ToArray(), device: device).index_select(0, cell.reshape(-1));
        var start = Table(l => l.Start.Select(x => (double)x), d).index_select(0, leaf).reshape(batch, count, d);
        var size = Table(l => l.Size.Select(x => (double)x), d).index_select(0, leaf).reshape(batch, count, d);
        var local = (samples - start) / size;
        var second = Second(indicators, samples - start - (size * 0.5), size.amax([-1L]), leaf, width);
        var weights = stack([1 - second, second], -1);
        var both = local.unsqueeze(2).expand(batch, count, 2, d).contiguous();
        return new PartitionMembership(leaf.reshape(batch, count).MoveToOuterDisposeScope(), weights.MoveToOuterDisposeScope(), both.MoveToOuterDisposeScope());
    }

    // The indicator of the set behind the cut, 0 in leaves without one.
    private Tensor Second(IReadOnlyList<Tensor> indicators, Tensor fromCentre, Tensor longest, Tensor leaf, double width)
    {
        int d = Dimension;
        long batch = fromCentre.shape[0], count = fromCentre.shape[1];
        if (_structure.Shape.Cuts == 0)
            return zeros([batch, count], fromCentre.dtype, fromCentre.device);
        Tensor Numbers(Func<PiecewiseStructure.Leaf, int> of) =>
            tensor(_structure.Leaves.Select(l => (long)of(l)).ToArray(), device: leaf.device).index_select(0, leaf).reshape(batch, count);

        var number = Numbers(l => l.Cut);
        var cut = indicators[0].expand(batch, -1, -1).gather(1, number.clamp(0).unsqueeze(-1).expand(batch, count, d));
        var normal = d switch
        {
            1 => ones_like(cut),
            2 => stack([cut.select(-1, 0).cos(), cut.select(-1, 0).sin()], -1),
            _ => stack([cut.select(-1, 0).cos(), cut.select(-1, 0).sin() * cut.select(-1, 1).cos(), cut.select(-1, 0).sin() * cut.select(-1, 1).sin()], -1),
        };
        var fromFoot = fromCentre - (normal * (cut.select(-1, d - 1) * longest * 0.5).unsqueeze(-1));
        var distance = (fromFoot * normal).sum(-1);
        if (_curvatures.Length > 0)
        {
            var bent = Numbers(l => l.Curvature);
            var curvature = indicators[1].expand(batch, -1).gather(1, bent.clamp(0)) * bent.ge(0).to(cut.dtype);
            distance = distance - (curvature / longest * fromFoot.square().sum(-1));
        }

        var behind = width > 0 ? (distance / width).sigmoid() : distance.detach().ge(0).to(cut.dtype);
        return behind * number.ge(0).to(cut.dtype);
    }
}
