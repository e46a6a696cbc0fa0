namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The orthonormal cosine transform (DCT-II) of a whole grid in place, axis by axis and a few lines at once.</summary>
internal static class GridTransform
{
    /// <summary>Numbers of a run of lines that are transformed by a table.</summary>
    private const int NumbersAtOnce = 1 << 16;

    /// <summary>Transforms a grid.</summary>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="values">Its values, row-major, replaced by the coefficients.</param>
    /// <param name="until">The share of the fit that is done afterwards.</param>
    /// <param name="monitor">What the fit and its caller tell each other.</param>
    public static void Apply(ReadOnlySpan<int> shape, NativeBuffer<double> values, double until, FitMonitor monitor)
    {
        int size = (int)values.Length, inner = size;
        monitor.Begin(until, (long)size * shape.Length);
        foreach (int n in shape)
        {
            inner /= n;
            if (n >= FastCosineTransform.ShortestSide)
                Fast(values, n, inner, monitor);
            else if (n > 1)
                ByTable(values, n, inner, monitor);
        }
    }

    private static void Fast(NativeBuffer<double> values, int n, int inner, FitMonitor monitor)
    {
        var transform = new FastCosineTransform(n);
        ForLines(values, n, inner, transform.LinesAtOnce, monitor, transform.Run);
    }

    private static void ByTable(NativeBuffer<double> values, int n, int inner, FitMonitor monitor)
    {
        int most = Math.Max(1, NumbersAtOnce / n);
        double[] from = new double[most * n], to = new double[most * n];
        ForLines(values, n, inner, most, monitor, (data, lines, apart, step) =>
        {
            for (int i = 0; i < n; i++)
            {
                for (int l = 0; l < lines; l++)
                    from[(i * lines) + l] = data[(l * apart) + (i * step)];
            }

            BoxTransform.ByTable(from, n, n, 1, lines, to);
            for (int u = 0; u < n; u++)
            {
                for (int l = 0; l < lines; l++)
                    data[(l * apart) + (u * step)] = to[(u * lines) + l];
            }
        });
    }

    // Lines of one axis that lie beside each other, a number of them at once.
    private static void ForLines(NativeBuffer<double> values, int n, int inner, int most, FitMonitor monitor, LineAction action)
    {
        long size = values.Length;
        int outer = (int)(size / n / inner), block = n * inner;
        if (inner == 1)
        {
            for (int o = 0; o < outer; o += most)
            {
                int lines = Math.Min(most, outer - o);
                action(values.Span((long)o * n, lines * n), lines, n, 1);
                monitor.Advance((long)lines * n);
            }

            return;
        }

        for (int o = 0; o < outer; o++)
        {
            for (int j = 0; j < inner; j += most)
            {
                int lines = Math.Min(most, inner - j);
                action(values.Span(((long)o * block) + j, block - j), lines, 1, inner);
                monitor.Advance((long)lines * n);
            }
        }
    }

    private delegate void LineAction(Span<double> data, int lines, int apart, int step);
}
