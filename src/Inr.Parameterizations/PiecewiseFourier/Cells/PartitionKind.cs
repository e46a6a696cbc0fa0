namespace Inr.Parameterizations;

/// <summary>The built-in families of partitions with a fixed layout.</summary>
public enum PartitionKind
{
    /// <summary><see cref="CutGridPartition"/>.</summary>
    CutGrid,

    /// <summary><see cref="PowerDiagramPartition"/>.</summary>
    PowerDiagram,

    /// <summary><see cref="LevelSetPartition"/>.</summary>
    LevelSet,
}
