namespace Inr.Parameterizations.PiecewiseFourier;

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

    /// <summary>First bends that are followed to their end.</summary>
    private const int Starts = 2;

    /// <summary>Samples on each side, at least.</summary>
    private const int LeastSamples = 4;

    private static readonly double[] FirstBends = [-1, -0.6, -0.25, 0.25, 0.6, 1];

    private readonly int[] _shape;
    private readonly double[][] _values;
    private readonly double[][] _positions;
    private readonly LinearMoments _whole;
    private readonly CancellationToken _cancellation;

    /// <param name="shape">The shape of the box.</param>
    /// <param name="values">For each channel, the values of the box.</param>
    /// <param name="cancellation">Stops between arcs.</param>
    public ArcSearch(int[] shape, double[][] values, CancellationToken cancellation = default)
    {
        _cancellation = cancellation;
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

        _whole = Moments(null, out _);
    }

    /// <summary>The best arc near a straight cut, or null where no bend separates the box better.</summary>
    /// <param name="straight">The angles and the offset of the cut.</param>
    /// <returns>Angles, offset, curvature.</returns>
    public double[]? Bend(double[] straight)
    {
        int d = _shape.Length;
        double limit = FirstGain * Error([.. straight, 0]), chord = ChordSquared(straight);
        var starts = FirstBends.Select(bend =>
        {
            // The foot moves back by the mean sagitta, so that both sides keep their size.
            double[] trial = [.. straight, bend];
            trial[d - 1] -= bend / 2 * chord;
            return (Position: trial, Error: Error(trial));
        });
        (double[]? Position, double Error) best = (null, double.PositiveInfinity);
        foreach (var start in starts.Where(s => s.Error < limit).OrderBy(s => s.Error).Take(Starts))
        {
            var end = Descend(start.Position, start.Error, chord);
            if (end.Error < best.Error)
                best = end;
        }

        return best.Position;
    }

    private (double[] Position, double Error) Descend(double[] position, double best, double chord)
    {
        int d = _shape.Length;
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

        return (position, best);
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
        _cancellation.ThrowIfCancellationRequested();
        int size = _values[0].Length;
        var behind = Moments(cut, out int count);
        return Math.Min(count, size - count) < LeastSamples ? double.PositiveInfinity : _whole.Minus(behind).Rest() + behind.Rest();
    }

    // Of the samples behind a cut, or of all.
    private LinearMoments Moments(double[]? cut, out int count)
    {
        int d = _shape.Length;
        var moments = new LinearMoments(d, _values.Length);
        var surface = cut is null ? default : new CutSurface(cut, _shape);
        Span<double> point = stackalloc double[d];
        count = 0;
        for (int i = 0; i < _values[0].Length; i++)
        {
            for (int a = 0; a < d; a++)
                point[a] = _positions[a][i];
            if (cut is not null && surface.Distance(point) < 0)
                continue;
            count++;
            for (int a = 0; a < d; a++)
                point[a] = (point[a] / _shape[a]) - 0.5;
            moments.Add(point, _values, i);
        }

        return moments;
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
