namespace Inr.Parameterizations;

/// <summary>A regular grid of cells, each cut in two by a half-space: the fixed-layout form of the dyadic partition.</summary>
/// <remarks>
/// Cell i has the unit normal <c>n</c> of d − 1 angles and an offset s; in cell coordinates z ∈ [-1,1]^d its two indicators are
/// <c>σ(∓(n·z − s)/width)</c>. K = 2·cells^d sets for d numbers a cell.
/// </remarks>
public sealed class CutGridPartition : IPartitionFamily
{
    private readonly int _cells;

    /// <summary>Creates the family.</summary>
    /// <param name="dimension">Coordinates d, 1 to 3.</param>
    /// <param name="cells">Cells along each axis.</param>
    public CutGridPartition(int dimension, int cells)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, 3);
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 1);
        Dimension = dimension;
        _cells = cells;
        int count = (int)Math.Pow(cells, dimension);
        RegionCount = 2 * count;
        Parameters = [new ParameterSpec("cuts", [count, dimension], ParameterRole.Indicator)];
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int RegionCount { get; }

    /// <summary>2: the two sides of a cell's cut.</summary>
    public int RegionsPerPoint => 2;

    /// <inheritdoc/>
    public IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    /// <remarks>The one cut of the cell; the cell itself follows from the coordinates.</remarks>
    public double FlopsPerPoint => 2 * Dimension;

    /// <inheritdoc/>
    public Tensor[] Initialize(Generator generator)
    {
        using var scope = NewDisposeScope();
        var cuts = (rand(RegionCount / 2, Dimension, device: CPU, generator: generator) - 0.5) * Math.PI;
        // Angles anywhere, offsets near the centre.
        cuts.select(1, Dimension - 1).mul_(0.2 / Math.PI);
        return [cuts.MoveToOuterDisposeScope()];
    }

    /// <inheritdoc/>
    public PartitionMembership Locate(IReadOnlyList<Tensor> indicators, Tensor coordinates, double width)
    {
        ArgumentNullException.ThrowIfNull(indicators);
        ArgumentNullException.ThrowIfNull(coordinates);
        using var scope = NewDisposeScope();
        var scaled = (coordinates + 1) * (0.5 * _cells);
        var cell = scaled.detach().floor().clamp(0, _cells - 1);
        var group = cell.select(-1, 0);
        for (int a = 1; a < Dimension; a++)
            group = (group * _cells) + cell.select(-1, a);
        group = group.to(ScalarType.Int64);
        var local = scaled - cell;

        // cuts [B,cells,d] → one row per point.
        var index = group.unsqueeze(-1).expand(group.shape[0], group.shape[1], Dimension);
        var cut = indicators[0].expand(group.shape[0], -1, -1).gather(1, index);
        var normal = Normal(cut);
        var distance = (((local * 2) - 1) * normal).sum(-1) - cut.select(-1, Dimension - 1);
        var second = width > 0 ? (distance / width).sigmoid() : distance.detach().ge(0).to(coordinates.dtype);
        var weights = stack([1 - second, second], -1);
        var both = local.unsqueeze(2).expand(group.shape[0], group.shape[1], 2, Dimension);
        return new PartitionMembership(group.MoveToOuterDisposeScope(), weights.MoveToOuterDisposeScope(), both.contiguous().MoveToOuterDisposeScope());
    }

    private Tensor Normal(Tensor cut)
    {
        switch (Dimension)
        {
            case 1:
                return ones_like(cut);
            case 2:
                var angle = cut.select(-1, 0);
                return stack([angle.cos(), angle.sin()], -1);
            default:
                Tensor first = cut.select(-1, 0), second = cut.select(-1, 1);
                return stack([first.cos(), first.sin() * second.cos(), first.sin() * second.sin()], -1);
        }
    }
}
