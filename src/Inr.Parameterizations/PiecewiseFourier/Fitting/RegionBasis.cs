namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Orthonormal functions on a set of samples of a box: the first j of them span the first j cosines of an order.</summary>
/// <remarks>
/// Modified Gram–Schmidt, twice, in double precision. Because the spans are nested, the squared inner products of a signal
/// with the columns give the energy that every prefix captures at once. A cosine that the earlier ones already
/// determine (a sliver of two samples knows few frequencies) gets a zero column: it never earns a prefix its length.
/// </remarks>
internal sealed class RegionBasis
{
    /// <summary>A column is dropped when less than this share of its norm is new.</summary>
    public const double IndependenceLimit = 0.02;

    private const int MaxColumns = 160;

    private RegionBasis(int[] samples, float[] columns, int count)
    {
        Samples = samples;
        Columns = columns;
        Count = count;
    }

    /// <summary>The samples of the region within the box, ascending.</summary>
    public int[] Samples { get; }

    /// <summary>Element [i·Count + j]: column j at sample i.</summary>
    public float[] Columns { get; }

    /// <summary>The number of columns, a multiple of 8.</summary>
    public int Count { get; }

    /// <summary>Builds the basis of a region.</summary>
    /// <param name="shape">The shape of the box.</param>
    /// <param name="samples">The samples of the region.</param>
    /// <param name="order">Frequencies of the box in their order.</param>
    /// <param name="share">Columns per sample of the region, at most.</param>
    /// <param name="cancellation">Stops between columns.</param>
    public static RegionBasis Create(ReadOnlySpan<int> shape, int[] samples, ReadOnlySpan<int> order, double share, CancellationToken cancellation = default)
    {
        int m = samples.Length;
        int count = (Math.Clamp((int)(share * m), 8, MaxColumns) + 7) / 8 * 8;
        var columns = new double[count][];
        var result = new float[m * count];
        for (int j = 0; j < count && j < order.Length; j++)
        {
            cancellation.ThrowIfCancellationRequested();
            var column = RegionColumns.Cosine(shape, samples, order[j]);
            double norm = DoubleVectors.Dot(column, column);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < j; k++)
                    DoubleVectors.AddScaled(column, columns[k], -DoubleVectors.Dot(columns[k], column));
            }

            double rest = DoubleVectors.Dot(column, column);
            bool independent = j < m && rest > IndependenceLimit * IndependenceLimit * norm;
            double scale = independent ? 1 / Math.Sqrt(rest) : 0;
            for (int i = 0; i < m; i++)
            {
                column[i] *= scale;
                result[(i * count) + j] = (float)column[i];
            }

            columns[j] = column;
        }

        return new RegionBasis(samples, result, count);
    }
}
