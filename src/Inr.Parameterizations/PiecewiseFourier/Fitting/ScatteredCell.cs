namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Regularized least squares of cosines on the samples of one box.</summary>
/// <remarks>
/// Minimizes <c>Σ (f(x_i) − y_i)² + ρ·m·Σ_j |πu_j|⁴ c_j²</c> over m samples: the penalty is the energy of the Laplacian, so that
/// gaps and noise are bridged smoothly. It enters as one more row per column, which keeps the prefixes nested.
/// </remarks>
internal sealed class ScatteredCell
{
    private const int MaxColumns = 96;

    private readonly int[] _frequencies;
    private readonly LeastSquares _solver;
    private readonly double[][] _values;
    private readonly int _samples;

    /// <param name="samples">The samples.</param>
    /// <param name="inside">Those of the box.</param>
    /// <param name="start">The corner of the box.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="order">Frequencies in their order.</param>
    /// <param name="ridge">The weight ρ of the penalty.</param>
    /// <param name="share">Columns per sample, at most.</param>
    /// <param name="cancellation">Stops between columns.</param>
    public ScatteredCell(ScatteredSamples samples, int[] inside, int[] start, int[] shape, int[] order, double ridge, double share, CancellationToken cancellation)
    {
        int m = inside.Length, d = start.Length;
        int count = Math.Min(Math.Min(order.Length, MaxColumns), (int)Math.Ceiling(share * m));
        _frequencies = order[..count];
        _samples = m;
        int rows = m + count;
        var columns = new double[count][];
        for (int j = 0; j < count; j++)
        {
            var column = columns[j] = new double[rows];
            column.AsSpan(0, m).Fill(1);
            double squared = 0;
            int f = order[j];
            for (int a = d - 1; a >= 0; a--)
            {
                int u = f % shape[a];
                f /= shape[a];
                squared += (double)u * u;
                if (u == 0)
                    continue;
                for (int i = 0; i < m; i++)
                    column[i] *= Math.Cos(Math.PI * u * (samples.Positions[a][inside[i]] - start[a]) / shape[a]);
            }

            column[m + j] = Math.Sqrt(ridge * m) * Math.PI * Math.PI * squared;
        }

        _solver = new LeastSquares(columns, rows, cancellation);
        _values = [.. samples.Planes.Select(p =>
        {
            var v = new double[rows];
            for (int i = 0; i < m; i++)
                v[i] = p[inside[i]];
            return v;
        })];
    }

    /// <summary>What each term of an order explains, regularized.</summary>
    public RegionFit Fit(PrefixOrders orders, int order)
    {
        int size = orders.CellSize;
        var gains = new Dictionary<int, double>();
        double total = 0;
        for (int c = 0; c < _values.Length; c++)
        {
            total += DoubleVectors.Dot(_values[c], _values[c]);
            var projections = _solver.Project(_values[c]);
            for (int j = 0; j < _frequencies.Length; j++)
                gains[(c * size) + _frequencies[j]] = projections[j] * projections[j];
        }

        int[] terms = orders.Joint[order];
        return new RegionFit(terms, [.. terms.TakeWhile(gains.ContainsKey).Select(t => gains[t])], total);
    }

    /// <summary>The coefficients of chosen terms: for each channel a leading set of the frequencies.</summary>
    /// <param name="terms">Terms channel·P + frequency.</param>
    /// <param name="size">P.</param>
    /// <param name="error">The squared error at the samples.</param>
    public float[] Solve(int[] terms, int size, out double error)
    {
        var result = new float[terms.Length];
        error = 0;
        for (int c = 0; c < _values.Length; c++)
        {
            int count = terms.Count(t => t / size == c);
            var x = _solver.Solve(_values[c], count, out double rest, _samples);
            error += rest;
            int next = 0;
            for (int i = 0; i < terms.Length; i++)
            {
                if (terms[i] / size == c)
                    result[i] = (float)x[next++];
            }
        }

        return result;
    }
}
