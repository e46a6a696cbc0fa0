namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The sums that say how well a linear function fits some samples, channel by channel.</summary>
internal sealed class LinearMoments
{
    // A set of samples on one line leaves the slope across it open.
    private const double Floor = 1e-6;

    private readonly int _terms;
    private readonly double[] _sums;

    /// <param name="dimension">Coordinates d.</param>
    /// <param name="channels">Channels.</param>
    public LinearMoments(int dimension, int channels)
    {
        _terms = dimension + 1;
        _sums = new double[(_terms * _terms) + (channels * (_terms + 1))];
    }

    private LinearMoments(int terms, double[] sums)
    {
        _terms = terms;
        _sums = sums;
    }

    /// <summary>Adds a sample.</summary>
    /// <param name="position">Its d coordinates, about −½ to ½.</param>
    /// <param name="values">Planes of all samples.</param>
    /// <param name="sample">Its number in them.</param>
    public void Add<T>(ReadOnlySpan<double> position, T[][] values, int sample)
        where T : struct, System.Numerics.INumber<T>
    {
        int n = _terms;
        var sums = _sums;
        sums[0]++;
        for (int j = 1; j < n; j++)
        {
            double x = position[j - 1];
            sums[j * n] += x;
            for (int k = 1; k <= j; k++)
                sums[(j * n) + k] += x * position[k - 1];
        }

        int at = n * n;
        for (int c = 0; c < values.Length; c++, at += n + 1)
        {
            double v = double.CreateTruncating(values[c][sample]);
            sums[at] += v;
            for (int j = 1; j < n; j++)
                sums[at + j] += position[j - 1] * v;
            sums[at + n] += v * v;
        }
    }

    /// <summary>The sums of the samples that are in this and not in a part of it.</summary>
    public LinearMoments Minus(LinearMoments part) => new(_terms, [.. _sums.Zip(part._sums, (a, b) => a - b)]);

    /// <summary>How far the samples spread in the direction where they spread least, given the other coordinates: a standard deviation.</summary>
    public double Spread()
    {
        int n = _terms;
        Span<double> l = stackalloc double[n * n];
        Factor(l);
        double least = double.PositiveInfinity;
        for (int j = 1; j < n; j++)
            least = Math.Min(least, l[(j * n) + j]);
        return least / Math.Sqrt(Math.Max(1, _sums[0]));
    }

    /// <summary>The squared error that the best linear function leaves.</summary>
    public double Rest()
    {
        int n = _terms;
        Span<double> l = stackalloc double[n * n], y = stackalloc double[n];
        Factor(l);
        double rest = 0;
        for (int at = n * n; at < _sums.Length; at += n + 1)
        {
            rest += _sums[at + n];
            for (int j = 0; j < n; j++)
            {
                double s = _sums[at + j];
                for (int k = 0; k < j; k++)
                    s -= l[(j * n) + k] * y[k];
                y[j] = s / l[(j * n) + j];
                rest -= y[j] * y[j];
            }
        }

        return Math.Max(0, rest);
    }

    // The Cholesky factor of the Gram matrix.
    private void Factor(Span<double> l)
    {
        int n = _terms;
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k <= j; k++)
            {
                double s = _sums[(j * n) + k] + (j == k ? Floor : 0);
                for (int i = 0; i < k; i++)
                    s -= l[(j * n) + i] * l[(k * n) + i];
                l[(j * n) + k] = j == k ? Math.Sqrt(Math.Max(s, Floor)) : s / l[(k * n) + k];
            }
        }
    }
}
