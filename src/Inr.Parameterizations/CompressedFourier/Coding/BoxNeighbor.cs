namespace Inr.Parameterizations.CompressedFourier;

/// <summary>What later boxes remember of a box beside them.</summary>
/// <param name="place">The box.</param>
/// <param name="mode">Its mode.</param>
/// <param name="classes">Its classes of counts, by channel.</param>
internal sealed class BoxNeighbor(BoxPlace place, int mode, int[] classes)
{
    public BoxPlace Place { get; } = place;

    /// <summary>Whether it has its samples as they are.</summary>
    public bool IsExact { get; init; }

    public int Mode { get; } = mode;

    public int[] Classes { get; } = classes;

    /// <summary>Its links, by channel.</summary>
    public int[] Links { get; } = new int[classes.Length];

    /// <summary>The mean level of each channel in every band, in sixteenths.</summary>
    public ushort[][] Bands { get; } = [.. classes.Select(_ => new ushort[BoxTable.Bands * BoxTable.Bands])];
}
