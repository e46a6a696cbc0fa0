namespace Inr.Parameterizations;

/// <summary>A piecewise Fourier expansion with a fixed layout: the form for meta-learning.</summary>
public sealed record CellFourierOptions
{
    /// <summary>The family of partitions; a grid of cut cells by default.</summary>
    public PartitionKind Partition { get; init; } = PartitionKind.CutGrid;

    /// <summary>Cells along each axis (cut grid), cells (power diagram) or functions (level sets); 8 by default.</summary>
    public int Cells { get; init; } = 8;

    /// <summary>Cosines of each level-set function; 16 by default.</summary>
    public int LevelTerms { get; init; } = 16;

    /// <summary>Functions of each region; 10 by default. Fourier and complex bases count sines and cosines separately.</summary>
    public int Terms { get; init; } = 10;

    /// <summary>The functions that a region sums; cosines by default.</summary>
    public FourierBasis Basis { get; init; } = FourierBasis.Cosine;

    /// <summary>The period of <see cref="FourierBasis.Fourier"/> in boxes; 1.25 by default.</summary>
    public double ExtensionFactor { get; init; } = 1.25;

    /// <summary>The width of the soft indicators, in half cells, score units or level units; 0 for hard ones, 0.1 by default.</summary>
    public double IndicatorWidth { get; init; } = 0.1;
}
