namespace Inr.Parameterizations;

/// <summary>The built-in families of partitions (<see cref="IPartitionFamily"/>).</summary>
public enum PartitionKind
{
    /// <summary><see cref="CutGridPartition"/>.</summary>
    CutGrid,

    /// <summary><see cref="PowerDiagramPartition"/>.</summary>
    PowerDiagram,

    /// <summary><see cref="LevelSetPartition"/>.</summary>
    LevelSet,

    /// <summary><see cref="DyadicTreePartition"/>: a tree of boxes with cuts, made for one signal.</summary>
    DyadicTree,
}
