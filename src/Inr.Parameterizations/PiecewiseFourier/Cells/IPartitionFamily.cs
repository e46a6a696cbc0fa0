namespace Inr.Parameterizations;

/// <summary>A family of partitions of [-1,1]^d into K sets whose shape is learned: the indicators 𝟙_k(θ,x).</summary>
/// <remarks>
/// A family owns no numbers: its tensors come with every call. Regions that share a point form groups; a closed-form solve
/// treats one group at a time. Point location is <see cref="LocateRegions"/>, the float count <see cref="FloatCount"/>, the
/// soft form <see cref="Locate"/> with a width above 0. Implementations: <see cref="DyadicTreePartition"/> (the tree with
/// cuts of <see cref="PiecewiseFourierTarget"/>, the default), <see cref="PowerDiagramPartition"/>,
/// <see cref="LevelSetPartition"/>, <see cref="CutGridPartition"/>.
/// </remarks>
public interface IPartitionFamily
{
    /// <summary>The number of coordinates d.</summary>
    int Dimension { get; }

    /// <summary>The number of sets K.</summary>
    int RegionCount { get; }

    /// <summary>How many sets one point may belong to: K is a multiple of it.</summary>
    int RegionsPerPoint { get; }

    /// <summary>The tensors of the indicators; their float count is the cost of the partition.</summary>
    IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <summary>Every number that the partition stores: those of <see cref="Parameters"/>, and those of a fixed structure where it has one.</summary>
    long FloatCount => Parameters.Sum(p => p.Count);

    /// <summary>The floating-point operations that locate one point: a multiplication and an addition for each number, unless the family says otherwise.</summary>
    double FlopsPerPoint => 2.0 * Parameters.Sum(p => p.Count);

    /// <summary>Draws indicators.</summary>
    /// <param name="generator">The source of randomness.</param>
    Tensor[] Initialize(Generator generator);

    /// <summary>Locates points.</summary>
    /// <param name="indicators">The tensors of <see cref="Parameters"/>, each with a leading axis B.</param>
    /// <param name="coordinates">Shape [B,N,d].</param>
    /// <param name="width">The width of soft indicators in the family's own units; 0 for hard ones, which have no gradient.</param>
    PartitionMembership Locate(IReadOnlyList<Tensor> indicators, Tensor coordinates, double width);

    /// <summary>The one set that each point belongs to: the hard indicators as a number.</summary>
    /// <param name="indicators">The tensors of <see cref="Parameters"/>, each with a leading axis B.</param>
    /// <param name="coordinates">Shape [B,N,d].</param>
    /// <returns>Shape [B,N], int64, in [0, K).</returns>
    Tensor LocateRegions(IReadOnlyList<Tensor> indicators, Tensor coordinates)
    {
        using var scope = NewDisposeScope();
        var membership = Locate(indicators, coordinates, 0);
        return ((membership.Groups * RegionsPerPoint) + membership.Weights.argmax(-1)).MoveToOuterDisposeScope();
    }
}
