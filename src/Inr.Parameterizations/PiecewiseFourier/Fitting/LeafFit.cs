namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>A leaf of the chosen tree: its box, its cut, and what each of its regions holds.</summary>
internal sealed class LeafFit
{
    /// <param name="start">The first sample of the box on each axis.</param>
    /// <param name="shape">The clipped shape of the box.</param>
    /// <param name="order">The order of its terms in <see cref="PrefixOrders"/>.</param>
    /// <param name="cut">The parameters of its <see cref="CutSurface"/>, or null.</param>
    /// <param name="regions">One region, or two.</param>
    public LeafFit(int[] start, int[] shape, int order, double[]? cut, RegionFit[] regions)
    {
        Start = start;
        Shape = shape;
        Order = order;
        Cut = cut;
        Regions = regions;
    }

    public int[] Start { get; }

    public int[] Shape { get; }

    public int Order { get; }

    public double[]? Cut { get; private set; }

    public RegionFit[] Regions { get; }

    /// <summary>Whether single terms outside the prefixes are kept.</summary>
    public bool HasExtras { get; private set; }

    /// <summary>The kind of the leaf.</summary>
    public LeafKind Kind => (Cut is null ? LeafKind.Plain : Cut.Length > Shape.Length ? LeafKind.Cut | LeafKind.Curved : LeafKind.Cut) | (HasExtras ? LeafKind.Extras : LeafKind.Plain);

    /// <summary>The stored numbers of the leaf.</summary>
    public int Floats { get; private set; }

    /// <summary>The numbers that it stores before any term: its code, its prefix lengths, its cut.</summary>
    public int Overhead => 1 + Regions.Length + (Cut?.Length ?? 0);

    /// <summary>The squared error that it leaves.</summary>
    public double Error => Regions.Sum(r => r.Error);

    /// <summary>Lengthens the prefix of the region where that gains most per number.</summary>
    /// <param name="floats">The numbers that may be spent.</param>
    /// <returns>The numbers that were spent.</returns>
    public int Extend(int floats)
    {
        var (best, extension) = Regions.Select(r => (r, r.BestExtension(floats))).MaxBy(e => e.Item2.Gain);
        best.Extend(extension.Prefix);
        Floats += extension.Floats;
        return extension.Floats;
    }

    /// <summary>Moves the cut; the chosen terms stay.</summary>
    public void MoveCut(double[] cut) => Cut = cut;

    /// <summary>Picks the terms of every region for a price.</summary>
    /// <param name="price">λ.</param>
    /// <param name="allowExtras">Whether single terms are allowed.</param>
    public void Choose(double price, bool allowExtras)
    {
        if (allowExtras)
        {
            double with = price * Regions.Length, without = 0;
            foreach (var r in Regions)
                without += r.Choose(price, false);
            foreach (var r in Regions)
                with += r.Choose(price, true);
            HasExtras = with < without;
        }
        else
        {
            HasExtras = false;
        }

        Floats = Overhead + (HasExtras ? Regions.Length : 0);
        foreach (var r in Regions)
        {
            if (!HasExtras)
                r.Choose(price, false);
            Floats += r.Prefix + (2 * r.Extras.Count);
        }
    }
}
