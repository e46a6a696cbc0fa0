namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Tensor cosines of a box at some of its samples.</summary>
internal static class RegionColumns
{
    /// <summary>The cosine of one frequency at the given samples: <c>Π_a cos(π u_a (i_a + ½)/n_a)</c>.</summary>
    /// <param name="shape">The shape n of the box.</param>
    /// <param name="samples">Row-major sample numbers i.</param>
    /// <param name="frequency">The row-major number of u.</param>
    public static double[] Cosine(ReadOnlySpan<int> shape, ReadOnlySpan<int> samples, int frequency)
    {
        var column = new double[samples.Length];
        column.AsSpan().Fill(1);
        int below = 1;
        for (int a = shape.Length - 1; a >= 0; a--)
        {
            int n = shape[a], u = frequency / below % n;
            if (u > 0)
            {
                var table = CosineTables.Plain(n).AsSpan(u * n, n);
                for (int i = 0; i < column.Length; i++)
                    column[i] *= table[samples[i] / below % n];
            }

            below *= n;
        }

        return column;
    }
}
