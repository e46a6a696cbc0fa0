namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Least squares by orthogonalisation (modified Gram–Schmidt, twice), for every leading set of columns at once.</summary>
/// <remarks>
/// A column of which less than <see cref="RegionBasis.IndependenceLimit"/> is new gets the coefficient 0: that bounds the
/// coefficients, and so the values between the samples, where a region is a sliver.
/// </remarks>
internal sealed class LeastSquares
{
    private readonly double[][] _q;
    private readonly double[][] _r;
    private readonly bool[] _kept;

    /// <param name="columns">The columns, which are orthogonalised in place.</param>
    /// <param name="samples">The most columns that can be independent.</param>
    /// <param name="cancellation">Stops between columns.</param>
    public LeastSquares(double[][] columns, int samples, CancellationToken cancellation = default)
    {
        int n = columns.Length;
        _q = columns;
        _r = new double[n][];
        _kept = new bool[n];
        int rank = 0;
        for (int j = 0; j < n; j++)
        {
            cancellation.ThrowIfCancellationRequested();
            var column = columns[j];
            var r = _r[j] = new double[j + 1];
            double norm = DoubleVectors.Dot(column, column);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < j; k++)
                {
                    if (!_kept[k])
                        continue;
                    double s = DoubleVectors.Dot(_q[k], column);
                    r[k] += s;
                    DoubleVectors.AddScaled(column, _q[k], -s);
                }
            }

            double rest = DoubleVectors.Dot(column, column);
            _kept[j] = rank < samples && rest > RegionBasis.IndependenceLimit * RegionBasis.IndependenceLimit * norm;
            if (!_kept[j])
                continue;
            rank++;
            r[j] = Math.Sqrt(rest);
            for (int i = 0; i < column.Length; i++)
                column[i] /= r[j];
        }
    }

    /// <summary>The inner products with the orthonormalised columns: their squares are what each column explains.</summary>
    public double[] Project(double[] values)
    {
        var rest = (double[])values.Clone();
        var q = new double[_q.Length];
        for (int j = 0; j < q.Length; j++)
        {
            if (!_kept[j])
                continue;
            q[j] = DoubleVectors.Dot(_q[j], rest);
            DoubleVectors.AddScaled(rest, _q[j], -q[j]);
        }

        return q;
    }

    /// <summary>Solves for the first columns.</summary>
    /// <param name="values">The right-hand side.</param>
    /// <param name="count">How many columns take part.</param>
    /// <param name="error">The squared error that remains.</param>
    /// <param name="rows">The leading rows whose error counts: those behind them may be penalties; all by default.</param>
    public double[] Solve(double[] values, int count, out double error, int rows = int.MaxValue)
    {
        var rest = (double[])values.Clone();
        var q = new double[count];
        for (int j = 0; j < count; j++)
        {
            if (!_kept[j])
                continue;
            q[j] = DoubleVectors.Dot(_q[j], rest);
            DoubleVectors.AddScaled(rest, _q[j], -q[j]);
        }

        var counted = rest.AsSpan(0, Math.Min(rows, rest.Length));
        error = DoubleVectors.Dot(counted, counted);
        var x = new double[count];
        for (int j = count - 1; j >= 0; j--)
        {
            if (!_kept[j])
                continue;
            double s = q[j];
            for (int k = j + 1; k < count; k++)
            {
                if (_kept[k])
                    s -= _r[k][j] * x[k];
            }

            x[j] = s / _r[j][j];
        }

        return x;
    }
}
