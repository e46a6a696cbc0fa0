namespace Inr.Piecewise;

/// <summary>Bends the best straight cut of a box into the arc that separates it best, judged by a linear function on each side.</summary>
/// <remarks>
/// A linear function on each side costs one pass over the samples, so hundreds of arcs are compared in the time of one
/// exact solve. Coarse to fine: five curvatures, then shrinking steps of direction, offset and curvature together. Whether
/// the arc pays is decided afterwards, with the real expansion.
/// </remarks>
internal sealed class ArcSearch
{
    /// <summary>Shorter boxes are too small for a bend of a sample to pay for its number.</summary>
    public const int MinLongestSide = 8;

    /// <summary>A first bend must leave less than this share of what the straight cut leaves, or the search ends there.</summary>
    private const double FirstGain = 0.93;

    private const int Rounds = 6;

    private static readonly double[] FirstBends = [-1, -0.6, -0.25, 0.25, 0.6, 1];

    private readonly int[] _shape;
    private readonly double[][] _values;
    private readonly double[][] _positions;
    private readonly int _terms;
    private readonly double[] _whole;

    /// <param name="shape">The shape of the box.</param>
    /// <param name="values">For each channel, the values of the box.</param>
    public ArcSearch(int[] shape, double[][] values)
    {
        _shape = shape;
        _values = values;
        int d = shape.Length, size = values[0].Length;
        _positions = new double[d][];
        for (int a = d - 1, below = 1; a >= 0; below *= shape[a], a--)
        {
            _positions[a] = new double[size];
            for (int i = 0; i < size; i++)
                _positions[a][i] = (i / below % shape[a]) + 0.5;
        }

        _terms = d + 1;
        _whole = Moments(null, out _);
    }

    /// <summary>The best arc near a straight cut, or null where no bend separates the box better.</summary>
    /// <param name="straight">The angles and the offset of the cut.</param>
    /// <returns>Angles, offset, curvature.</returns>
    public double[]? Bend(double[] straight)
    {
        int d = _shape.Length;
        double limit = FirstGain * Error([.. straight, 0]), best = limit;
        double chord = ChordSquared(straight);
        double[]? position = null;
        foreach (double bend in FirstBends)
        {
            // The foot moves back by the mean sagitta, so that both sides keep their size.
            double[] trial = [.. straight, bend];
            trial[d - 1] -= bend / 2 * chord;
            double error = Error(trial);
            if (error < best)
                (position, best) = (trial, error);
        }

        if (position is null)
            return null;
        double[] steps = new double[d + 1];
        Array.Fill(steps, Math.PI / 24);
        (steps[d - 1], steps[d]) = (2.0 / _shape.Max(), 0.25);
        for (int round = 0; round < Rounds; round++)
        {
            for (int repeat = 0; repeat < 3 && Improve(ref position, ref best, steps, chord); repeat++)
            {
            }

            for (int p = 0; p <= d; p++)
                steps[p] /= 2;
        }

        return position;
    }

    // One number at a time; where none helps, two at once: the direction and the offset of an arc make up for each other.
    private bool Improve(ref double[] position, ref double best, double[] steps, double chord)
    {
        int d = _shape.Length;
        bool improved = false;
        for (int p = 0; p <= d; p++)
            improved |= Move(ref position, ref best, steps, chord, p, 1, p, 0) || Move(ref position, ref best, steps, chord, p, -1, p, 0);
        for (int p = 0; p <= d && !improved; p++)
        {
            for (int q = 0; q < p && !improved; q++)
            {
                foreach (var (first, second) in (ReadOnlySpan<(double, double)>)[(1, 1), (1, -1), (-1, 1), (-1, -1)])
                    improved |= Move(ref position, ref best, steps, chord, p, first, q, second);
            }
        }

        return improved;
    }

    private bool Move(ref double[] position, ref double best, double[] steps, double chord, int p, double first, int q, double second)
    {
        int d = _shape.Length;
        double[] trial = [.. position];
        trial[p] += first * steps[p];
        trial[q] += second * steps[q];
        trial[d - 1] -= (trial[d] - position[d]) / 2 * chord;
        double error = Error(trial);
        if (error >= best)
            return false;
        (position, best) = (trial, error);
        return true;
    }

    // The squared error that a linear function on each side leaves.
    private double Error(double[] cut)
    {
        var behind = Moments(cut, out int count);
        int size = _values[0].Length;
        if (Math.Min(count, size - count) < 4)
            return double.PositiveInfinity;
        var before = new double[_whole.Length];
        for (int i = 0; i < before.Length; i++)
            before[i] = _whole[i] - behind[i];
        return Rest(before) + Rest(behind);
    }

    // Gram matrix of (1, positions), then for each channel the products with them and the energy; over the samples behind a cut.
    private double[] Moments(double[]? cut, out int count)
    {
        int d = _shape.Length, n = _terms, channels = _values.Length;
        var moments = new double[(n * n) + (channels * (n + 1))];
        var surface = cut is null ? default : new CutSurface(cut, _shape);
        Span<double> point = stackalloc double[d], row = stackalloc double[n];
        row[0] = 1;
        count = 0;
        for (int i = 0; i < _values[0].Length; i++)
        {
            for (int a = 0; a < d; a++)
                point[a] = _positions[a][i];
            if (cut is not null && surface.Distance(point) < 0)
                continue;
            count++;
            for (int a = 0; a < d; a++)
                row[a + 1] = (point[a] / _shape[a]) - 0.5;
            for (int j = 0; j < n; j++)
            {
                for (int k = 0; k <= j; k++)
                    moments[(j * n) + k] += row[j] * row[k];
            }

            int at = n * n;
            for (int c = 0; c < channels; c++, at += n + 1)
            {
                double v = _values[c][i];
                for (int j = 0; j < n; j++)
                    moments[at + j] += row[j] * v;
                moments[at + n] += v * v;
            }
        }

        return moments;
    }

    // Energy minus what the linear function explains, by Cholesky.
    private double Rest(double[] moments)
    {
        const double Floor = 1e-6;
        int n = _terms;
        Span<double> l = stackalloc double[n * n], y = stackalloc double[n];
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k <= j; k++)
            {
                double s = moments[(j * n) + k] + (j == k ? Floor : 0);
                for (int i = 0; i < k; i++)
                    s -= l[(j * n) + i] * l[(k * n) + i];
                l[(j * n) + k] = j == k ? Math.Sqrt(Math.Max(s, Floor)) : s / l[(k * n) + k];
            }
        }

        double rest = 0;
        for (int at = n * n; at < moments.Length; at += n + 1)
        {
            rest += moments[at + n];
            for (int j = 0; j < n; j++)
            {
                double s = moments[at + j];
                for (int k = 0; k < j; k++)
                    s -= l[(j * n) + k] * y[k];
                y[j] = s / l[(j * n) + j];
                rest -= y[j] * y[j];
            }
        }

        return Math.Max(0, rest);
    }

    // The mean square distance from the foot along the straight cut, in half longest sides squared.
    private double ChordSquared(double[] straight)
    {
        int longest = _shape.Max(), d = _shape.Length;
        var plane = new CutSurface(straight, _shape);
        double shift = straight[d - 1] * longest / 2, sum = 0;
        int count = 0;
        Span<double> point = stackalloc double[d];
        for (int i = 0; i < _values[0].Length; i++)
        {
            for (int a = 0; a < d; a++)
                point[a] = _positions[a][i];
            double distance = plane.Distance(point), squared = -distance * distance;
            if (Math.Abs(distance) > 1)
                continue;
            for (int a = 0; a < d; a++)
            {
                double x = point[a] - (_shape[a] / 2.0) - (shift * plane.Normal(a));
                squared += x * x;
            }

            sum += squared;
            count++;
        }

        return count == 0 ? 0 : sum / count * 4 / ((double)longest * longest);
    }
}
