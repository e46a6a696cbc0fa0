namespace Inr.Parameterizations;

/// <summary>A power diagram: the point x belongs to the cell k with the largest <c>2x·c_k − |c_k|² + w_k</c>.</summary>
/// <remarks>
/// Voronoi cells with weights; K sets for d + 1 numbers each. Soft indicators are the softmax of the scores over the
/// width. The box of a cell is centred at c_k; its half side is three times that of a cell of equal share, so that
/// stretched cells stay within the cosines' first half period. Aurenhammer: Power Diagrams, SIAM J. Comput. 1987.
/// </remarks>
public sealed class PowerDiagramPartition : IPartitionFamily
{
    private readonly double _reach;

    /// <summary>Creates the family.</summary>
    /// <param name="dimension">Coordinates d, at least 1.</param>
    /// <param name="cells">The number of cells K.</param>
    public PowerDiagramPartition(int dimension, int cells)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 1);
        Dimension = dimension;
        RegionCount = cells;
        _reach = Math.Min(2, 3 * Math.Pow(cells, -1.0 / dimension));
        Parameters =
        [
            new ParameterSpec("centres", [cells, dimension], ParameterRole.Indicator),
            new ParameterSpec("weights", [cells], ParameterRole.Indicator),
        ];
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int RegionCount { get; }

    /// <summary>K: softly, a point belongs to every cell.</summary>
    public int RegionsPerPoint => RegionCount;

    /// <inheritdoc/>
    public IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public Tensor[] Initialize(Generator generator) =>
        [(rand(RegionCount, Dimension, device: CPU, generator: generator) * 2) - 1, zeros(RegionCount, device: CPU)];

    /// <inheritdoc/>
    public PartitionMembership Locate(IReadOnlyList<Tensor> indicators, Tensor coordinates, double width)
    {
        ArgumentNullException.ThrowIfNull(indicators);
        ArgumentNullException.ThrowIfNull(coordinates);
        using var scope = NewDisposeScope();
        long batch = coordinates.shape[0], count = coordinates.shape[1];
        var centres = indicators[0].expand(batch, -1, -1);
        var scores = Scores(indicators, coordinates);
        var share = width > 0
            ? (scores / width).softmax(-1)
            : nn.functional.one_hot(scores.detach().argmax(-1), RegionCount).to(scores.dtype);
        var local = ((coordinates.unsqueeze(2) - centres.unsqueeze(1)) / (2 * _reach)) + 0.5;
        var group = zeros([batch, count], ScalarType.Int64, coordinates.device);
        return new PartitionMembership(group.MoveToOuterDisposeScope(), share.MoveToOuterDisposeScope(), local.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public Tensor LocateRegions(IReadOnlyList<Tensor> indicators, Tensor coordinates)
    {
        ArgumentNullException.ThrowIfNull(indicators);
        ArgumentNullException.ThrowIfNull(coordinates);
        using var scope = NewDisposeScope();
        return Scores(indicators, coordinates).argmax(-1).MoveToOuterDisposeScope();
    }

    // 2x·c − |c|² + w, [B,N,K].
    private static Tensor Scores(IReadOnlyList<Tensor> indicators, Tensor coordinates)
    {
        long batch = coordinates.shape[0];
        var centres = indicators[0].expand(batch, -1, -1);
        return (2 * bmm(coordinates, centres.transpose(1, 2))) + (indicators[1].expand(batch, -1) - centres.square().sum(-1)).unsqueeze(1);
    }
}
