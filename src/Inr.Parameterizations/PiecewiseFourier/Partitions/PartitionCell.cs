namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Regularized least squares of the lowest cosines on the samples of one fitted set, on their tight box.</summary>
/// <remarks>
/// On a set that fills a part of its box the cosines are nearly dependent. A small penalty on every coefficient, one more
/// row per column, keeps them of the size of the values, so that single precision can store them; the prefixes stay nested.
/// </remarks>
internal sealed class PartitionCell
{
    /// <summary>The penalty on c², per sample.</summary>
    private const double Ridge = 1e-5;

    /// <summary>Terms per sample and channel, at most.</summary>
    private const double TermShare = 0.5;

    /// <summary>Elements of the matrix of a set, at most: larger sets get fewer columns.</summary>
    private const long MostElements = 1 << 23;

    /// <summary>Columns that say how a set would go on beyond its border.</summary>
    private const int SmoothColumns = 3;

    private readonly int[] _inside;
    private readonly int[] _start;
    private readonly int[] _box;
    private readonly int[] _frequencies;
    private readonly RegionFit[] _fits;
    private readonly double[][] _smooth;
    private int _best;

    /// <param name="grid">The samples.</param>
    /// <param name="inside">Row-major numbers of those of the set; at least one.</param>
    /// <param name="start">The first sample of their tight box.</param>
    /// <param name="box">Its shape.</param>
    /// <param name="profiles">The channel profiles to try.</param>
    /// <param name="most">Columns, at most.</param>
    /// <param name="cancellation">Stops between columns.</param>
    public PartitionCell(SampledGrid grid, int[] inside, int[] start, int[] box, int[] profiles, int most, CancellationToken cancellation)
    {
        _inside = inside;
        _start = start;
        _box = box;
        Profiles = profiles;
        int m = inside.Length;
        int count = (int)Math.Clamp(Math.Min(Math.Ceiling(TermShare * m), MostElements / m), 1, Math.Min(most, PartitionTerms.MaxPerChannel));
        var lowest = PartitionTerms.Lowest(box, count);
        _frequencies = lowest.Frequencies;
        var solver = Solver(grid, count, cancellation);
        double[][] values = [.. grid.Planes.Select(Values)];
        double total = values.Sum(v => DoubleVectors.Dot(v, v));
        int size = box.Aggregate(1, (p, n) => p * n);
        var gains = values.Select(v => solver.Project(v).Select(q => q * q).ToArray()).ToArray();
        var rank = Enumerable.Range(0, _frequencies.Length).ToDictionary(j => _frequencies[j], j => j);
        var weights = PrefixOrders.ProfileWeights(grid.Channels);
        _fits = [.. profiles.Select(p =>
        {
            int[] terms = PartitionTerms.Interleave(box, lowest, weights[p]);
            return new RegionFit(terms, [.. terms.Select(t => gains[t / size][rank[t % size]])], total);
        })];
        _smooth = [.. values.Select(v => solver.Solve(v, Math.Min(SmoothColumns, _frequencies.Length), out _))];
    }

    /// <summary>The profiles that were tried.</summary>
    public int[] Profiles { get; }

    /// <summary>The profile of the last choice.</summary>
    public int Profile => Profiles[_best];

    /// <summary>The prefix of the last choice.</summary>
    public RegionFit Fit => _fits[_best];

    /// <summary>Picks profile and prefix for a price.</summary>
    public void Choose(double price)
    {
        double least = double.PositiveInfinity;
        for (int k = 0; k < _fits.Length; k++)
        {
            double cost = _fits[k].Choose(price, false);
            if (cost < least)
                (least, _best) = (cost, k);
        }
    }

    /// <summary>The coefficients of the choice, and the squared error that remains.</summary>
    /// <param name="grid">The samples.</param>
    /// <param name="cancellation">Stops between columns.</param>
    /// <remarks>
    /// The columns of all sets at once would take a hundred times the signal, so each set makes again those that its choice
    /// needs: leading ones, which do not depend on those behind them.
    /// </remarks>
    public (float[] Coefficients, double Error) Solve(SampledGrid grid, CancellationToken cancellation)
    {
        int size = _box.Aggregate(1, (p, n) => p * n);
        int[] terms = Fit.Chosen;
        int[] counts = [.. Enumerable.Range(0, grid.Channels).Select(c => terms.Count(t => t / size == c))];
        var solver = Solver(grid, counts.Max(), cancellation);
        var result = new float[terms.Length];
        double error = 0;
        for (int c = 0; c < counts.Length; c++)
        {
            var x = solver.Solve(Values(grid.Planes[c]), counts[c], out double rest, _inside.Length);
            error += rest;
            int next = 0;
            for (int i = 0; i < terms.Length; i++)
            {
                if (terms[i] / size == c)
                    result[i] = (float)x[next++];
            }
        }

        return (result, error);
    }

    /// <summary>The squared distance of a sample's values from the smooth continuation of the set.</summary>
    /// <param name="grid">The samples.</param>
    /// <param name="sample">A row-major number, in the set or not.</param>
    public double Misfit(SampledGrid grid, int sample)
    {
        int d = _box.Length, smooth = _smooth[0].Length;
        Span<double> position = stackalloc double[d], cosines = stackalloc double[smooth];
        int rest = sample;
        for (int a = d - 1; a >= 0; a--)
        {
            // Beyond its box a set keeps the value at the border.
            position[a] = Math.Clamp(((rest % grid.Shape[a]) + 0.5 - _start[a]) / _box[a], 0, 1);
            rest /= grid.Shape[a];
        }

        for (int j = 0; j < smooth; j++)
        {
            int f = _frequencies[j];
            cosines[j] = 1;
            for (int a = d - 1; a >= 0; a--)
            {
                cosines[j] *= Math.Cos(Math.PI * (f % _box[a]) * position[a]);
                f /= _box[a];
            }
        }

        double misfit = 0;
        for (int c = 0; c < _smooth.Length; c++)
        {
            double v = grid.Planes[c][sample];
            for (int j = 0; j < smooth; j++)
                v -= _smooth[c][j] * cosines[j];
            misfit += v * v;
        }

        return misfit;
    }

    // Of a plane, the values at the samples, and zeros for the penalties.
    private double[] Values(float[] plane)
    {
        var values = new double[_inside.Length + _frequencies.Length];
        for (int i = 0; i < _inside.Length; i++)
            values[i] = plane[_inside[i]];
        return values;
    }

    private LeastSquares Solver(SampledGrid grid, int columns, CancellationToken cancellation) =>
        new(Columns(Positions(grid.Shape), columns, cancellation), _inside.Length + _frequencies.Length, cancellation);

    // For each axis, the sample within the box.
    private int[][] Positions(int[] shape)
    {
        int d = shape.Length;
        var positions = new int[d][];
        for (int a = d - 1, below = 1; a >= 0; below *= shape[a], a--)
        {
            int step = below, n = shape[a], first = _start[a];
            positions[a] = Array.ConvertAll(_inside, i => (i / step % n) - first);
        }

        return positions;
    }

    private double[][] Columns(int[][] positions, int count, CancellationToken cancellation)
    {
        int d = _box.Length, m = _inside.Length;
        var tables = new Dictionary<(int Axis, int Frequency), double[]>();
        return [.. _frequencies.Take(count).Select((frequency, j) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var column = new double[m + _frequencies.Length];
            column.AsSpan(0, m).Fill(1);
            for (int a = d - 1; a >= 0; a--)
            {
                int n = _box[a], u = frequency % n;
                frequency /= n;
                if (u == 0)
                    continue;
                if (!tables.TryGetValue((a, u), out var table))
                    tables[(a, u)] = table = [.. Enumerable.Range(0, n).Select(i => Math.Cos(Math.PI * u * (i + 0.5) / n))];
                for (int i = 0; i < m; i++)
                    column[i] *= table[positions[a][i]];
            }

            column[m + j] = Math.Sqrt(Ridge * m);
            return column;
        })];
    }
}
