namespace Inr.Parameterizations;

/// <summary>How a piecewise-indicator Fourier expansion is fitted.</summary>
public sealed record PiecewiseFourierOptions
{
    /// <summary>The most numbers that a fit may store, every one counted; 60,000 by default, at least 8.</summary>
    public int FloatBudget { get; init; } = 60_000;

    /// <summary>The family of the sets; the dyadic tree with cuts by default.</summary>
    /// <remarks>
    /// The other families are fitted with a number of sets that is fixed beforehand and give a <see cref="PartitionFourierTarget"/>.
    /// They need a full grid, and of the options below only <see cref="Cells"/>, <see cref="LevelTerms"/> and <see cref="Threads"/>
    /// speak of them.
    /// </remarks>
    public PartitionKind Partition { get; init; } = PartitionKind.DyadicTree;

    /// <summary>Without a tree: cells (power diagram, about), functions (level sets) or cells along each axis (cut grid); null for what suits the budget.</summary>
    public int? Cells { get; init; }

    /// <summary>Cosines of each level-set function; 24 by default.</summary>
    public int LevelTerms { get; init; } = 24;

    /// <summary>The smallest side of a box in samples; null for 2 (images), 4 (volumes) or 16 (one dimension).</summary>
    public int? MinLeafSide { get; init; }

    /// <summary>The largest side of a box: the smallest times a power of two; null for 64 (images), 16 (volumes) or 1024 (one dimension).</summary>
    public int? MaxLeafSide { get; init; }

    /// <summary>Whether a box may be cut in two by a half-plane; on by default. Scattered or noisy samples are cut where that pays on held-out ones.</summary>
    public bool Cuts { get; init; } = true;

    /// <summary>Whether a cut may be an arc of a circle (a sphere in 3-D), for one more number, the curvature, where that pays; off by default.</summary>
    public bool CurvedCuts { get; init; }

    /// <summary>The largest side of a box that may be cut; 16 by default. Larger boxes are cheaper to halve first.</summary>
    public int MaxCutSide { get; init; } = 16;

    /// <summary>Whether a leaf picks the order of its terms from the dictionary; off leaves the round order alone.</summary>
    public bool AdaptiveOrders { get; init; } = true;

    /// <summary>Whether a region may hold single terms outside its prefix, at two numbers each; on by default.</summary>
    public bool SingleTerms { get; init; } = true;

    /// <summary>Whether the angles and offsets of the cuts are refined continuously after the search; off by default.</summary>
    public bool Refine { get; init; }

    /// <summary>Whether the samples of a grid are noisy: fits them by regularized least squares, as scattered ones; off by default.</summary>
    public bool Denoise { get; init; }

    /// <summary>The weight of the smoothness penalty on scattered or noisy samples; null chooses it by cross-validation, the default.</summary>
    public double? Smoothness { get; init; }

    /// <summary>The grid that scattered samples were taken from (a masked image); null for one with as many samples on each axis.</summary>
    public IReadOnlyList<int>? SampleGrid { get; init; }

    /// <summary>The width t in samples of soft indicators σ(distance/t) in the result; 0 for hard ones, the default.</summary>
    public double IndicatorWidth { get; init; }

    /// <summary>Threads of a fit; 0 for all of the machine.</summary>
    public int Threads { get; init; }
}
