namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The coefficients of every region as small dense arrays, ready for evaluation.</summary>
/// <remarks>
/// Boxes of fewer than 3 dimensions get leading axes of size 1. A region holds [channel][u_0][u_1][u_2] up to its highest
/// frequency on each axis, rows of u_2 padded to whole vectors of 8.
/// </remarks>
internal sealed class DenseRegions
{
    private const int RowMultiple = 8;

    private DenseRegions(PiecewiseStructure structure, float[] level, ReadOnlySpan<float> coefficients, ReadOnlySpan<float> cuts, ReadOnlySpan<float> curvatures)
    {
        Structure = structure;
        Level = level;
        int channels = structure.Shape.Channels;
        Leaves = new Leaf[structure.Leaves.Length];
        var regions = new List<Region>();
        int offset = 0;
        for (int i = 0; i < Leaves.Length; i++)
        {
            var leaf = structure.Leaves[i];
            CutSurface? cut = leaf.Cut >= 0 ? CutSurface.Of(leaf, cuts, curvatures) : null;
            Leaves[i] = new Leaf(regions.Count, Pad(leaf.Start, 0), Pad(leaf.Size, 1), cut);
            foreach (var r in leaf.Regions)
            {
                var region = Measure(r.Terms, Leaves[i].Size, offset);
                regions.Add(region);
                offset = checked(offset + (channels * region.ChannelLength));
            }
        }

        Regions = [.. regions];
        Values = new float[offset];
        int next = 0;
        for (int i = 0; i < Leaves.Length; i++)
        {
            var size = Leaves[i].Size;
            int cell = size[0] * size[1] * size[2];
            foreach (var r in structure.Leaves[i].Regions)
            {
                var region = Regions[next++];
                for (int j = 0; j < r.Terms.Length; j++)
                {
                    int c = r.Terms[j] / cell, f = r.Terms[j] % cell;
                    int u2 = f % size[2], u1 = f / size[2] % size[1], u0 = f / (size[2] * size[1]);
                    // A term may be stored twice in a file of unknown origin: its coefficients add up.
                    Values[region.Offset + (c * region.ChannelLength) + (((u0 * region.Extent1) + u1) * region.Row) + u2] += coefficients[r.Offset + j];
                }
            }
        }
    }

    public PiecewiseStructure Structure { get; }

    public Leaf[] Leaves { get; }

    public Region[] Regions { get; }

    /// <summary>The value of each channel where every coefficient is zero.</summary>
    public float[] Level { get; }

    /// <summary>All coefficients.</summary>
    public float[] Values { get; }

    /// <summary>Lays out the coefficients of one θ.</summary>
    /// <param name="structure">Its partition.</param>
    /// <param name="parameters">θ without a batch axis.</param>
    public static DenseRegions Of(PiecewiseStructure structure, ParameterSet parameters) => new(
        structure,
        TensorNumbers.Of(parameters, PiecewiseParameters.Level),
        TensorNumbers.Of(parameters, PiecewiseParameters.Coefficients),
        TensorNumbers.Of(parameters, PiecewiseParameters.Cuts),
        TensorNumbers.Of(parameters, PiecewiseParameters.Curvatures));

    /// <summary>A leaf in 3 axes.</summary>
    /// <param name="FirstRegion">The number of its first region; the second follows where it is cut.</param>
    /// <param name="Start">The first sample on each axis.</param>
    /// <param name="Size">Samples on each axis.</param>
    /// <param name="Cut">Its cut.</param>
    internal sealed record Leaf(int FirstRegion, int[] Start, int[] Size, CutSurface? Cut);

    /// <summary>Where a region's coefficients lie, and up to which frequency on each axis they go.</summary>
    internal readonly record struct Region(int Offset, int Extent0, int Extent1, int Extent2)
    {
        /// <summary>Floats of a row: Extent2 rounded up.</summary>
        public int Row => (Extent2 + RowMultiple - 1) / RowMultiple * RowMultiple;

        /// <summary>Floats of a channel.</summary>
        public int ChannelLength => Extent0 * Extent1 * Row;

        /// <summary>The number of frequencies on one of the 3 axes.</summary>
        public int Extent(int axis) => axis switch { 0 => Extent0, 1 => Extent1, _ => Extent2 };
    }

    private static Region Measure(int[] terms, int[] size, int offset)
    {
        int cell = size[0] * size[1] * size[2], e0 = 0, e1 = 0, e2 = 0;
        foreach (int t in terms)
        {
            int f = t % cell;
            e2 = Math.Max(e2, (f % size[2]) + 1);
            e1 = Math.Max(e1, (f / size[2] % size[1]) + 1);
            e0 = Math.Max(e0, (f / (size[2] * size[1])) + 1);
        }

        return new Region(offset, e0, e1, e2);
    }

    private static int[] Pad(int[] values, int fill)
    {
        var padded = new int[3];
        for (int a = 0; a < 3; a++)
        {
            int from = a - (3 - values.Length);
            padded[a] = from < 0 ? fill : values[from];
        }

        return padded;
    }
}
