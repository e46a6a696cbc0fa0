namespace Inr.Parameterizations;

/// <summary>A family of partitions of [-1,1]^d into K sets whose shape is learned: the indicators 𝟙_k(θ,x).</summary>
/// <remarks>
/// A family owns no numbers: its tensors come with every call. Regions that share a point form groups; a closed-form solve
/// treats one group at a time. Implementations: <see cref="CutGridPartition"/>, <see cref="PowerDiagramPartition"/>,
/// <see cref="LevelSetPartition"/>; the adaptive dyadic tree is <see cref="PiecewiseFourierTarget"/>.
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

    /// <summary>Draws indicators.</summary>
    /// <param name="generator">The source of randomness.</param>
    Tensor[] Initialize(Generator generator);

    /// <summary>Locates points.</summary>
    /// <param name="indicators">The tensors of <see cref="Parameters"/>, each with a leading axis B.</param>
    /// <param name="coordinates">Shape [B,N,d].</param>
    /// <param name="width">The width of soft indicators in the family's own units; 0 for hard ones, which have no gradient.</param>
    PartitionMembership Locate(IReadOnlyList<Tensor> indicators, Tensor coordinates, double width);
}
