namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Exact least squares of tensor cosines on the samples of one region, in double precision.</summary>
internal static class RegionSolver
{
    /// <summary>The gain of every term of an order, on a full box: squared inner products with the orthonormal cosines.</summary>
    public static RegionFit FullBox(PrefixOrders orders, int order, double[][] values)
    {
        double total = 0;
        var spectra = new double[values.Length][];
        for (int c = 0; c < values.Length; c++)
        {
            total += values[c].Sum(v => v * v);
            spectra[c] = Spectrum(orders.Shape, values[c]);
        }

        var terms = orders.Joint[order];
        var gains = new double[terms.Length];
        for (int j = 0; j < terms.Length; j++)
        {
            double q = spectra[terms[j] / orders.CellSize][terms[j] % orders.CellSize];
            gains[j] = q * q;
        }

        return new RegionFit(terms, gains, total);
    }

    /// <summary>The gain of every term of an order on a region of a box, each beyond the terms before it.</summary>
    /// <param name="orders">The dictionary of the box.</param>
    /// <param name="order">An order.</param>
    /// <param name="basis">The region, with nested functions in the frequency order of that order.</param>
    /// <param name="values">For each channel, the values of the whole box.</param>
    public static RegionFit Part(PrefixOrders orders, int order, RegionBasis basis, double[][] values)
    {
        int size = orders.CellSize;
        var spatial = orders.Spatial[order / orders.ProfileCount];
        int count = Math.Min(basis.Count, spatial.Length);
        double total = 0;
        var gains = new double[values.Length][];
        for (int c = 0; c < values.Length; c++)
        {
            gains[c] = new double[size];
            Array.Fill(gains[c], double.NaN);
            var q = new double[count];
            for (int i = 0; i < basis.Samples.Length; i++)
            {
                double v = values[c][basis.Samples[i]];
                total += v * v;
                for (int j = 0; j < count; j++)
                    q[j] += basis.Columns[(i * basis.Count) + j] * v;
            }

            for (int j = 0; j < count; j++)
                gains[c][spatial[j]] = q[j] * q[j];
        }

        int length = 0;
        var terms = orders.Joint[order];
        while (length < terms.Length && !double.IsNaN(gains[terms[length] / size][terms[length] % size]))
            length++;
        var chosen = terms[..length];
        return new RegionFit(chosen, [.. chosen.Select(t => gains[t / size][t % size])], total);
    }

    /// <summary>The coefficients of a full box for chosen terms.</summary>
    public static float[] SolveFullBox(PrefixOrders orders, int[] terms, double[][] values)
    {
        var spectra = values.Select(v => Spectrum(orders.Shape, v)).ToArray();
        var scale = Scales(orders.Shape);
        return [.. terms.Select(t => (float)(spectra[t / orders.CellSize][t % orders.CellSize] * scale[t % orders.CellSize]))];
    }

    /// <summary>The coefficients that fit the values at some samples best, for chosen terms.</summary>
    /// <param name="shape">The shape of the box.</param>
    /// <param name="terms">Terms channel·P + frequency, in any order, without repetition.</param>
    /// <param name="samples">The samples of the region.</param>
    /// <param name="values">For each channel, the values at those samples.</param>
    /// <param name="error">The squared error that remains.</param>
    /// <returns>One coefficient per term; 0 where the earlier terms leave nothing to tell them apart.</returns>
    public static float[] SolvePart(int[] shape, int[] terms, int[] samples, double[][] values, out double error)
    {
        int size = shape.Aggregate(1, (p, n) => p * n);
        var result = new float[terms.Length];
        error = 0;
        LeastSquares? shared = null;
        int[] sharedFrequencies = [];
        // Channels take prefixes of one list of frequencies, mostly: the longest list first, the others reuse its start.
        foreach (var channel in Enumerable.Range(0, values.Length).OrderByDescending(c => terms.Count(t => t / size == c)))
        {
            int[] positions = [.. Enumerable.Range(0, terms.Length).Where(i => terms[i] / size == channel)];
            int[] frequencies = [.. positions.Select(i => terms[i] % size)];
            bool nested = shared is not null && sharedFrequencies.AsSpan().StartsWith(frequencies);
            var solver = nested ? shared! : new LeastSquares([.. frequencies.Select(f => RegionColumns.Cosine(shape, samples, f))], samples.Length);
            if (shared is null)
                (shared, sharedFrequencies) = (solver, frequencies);
            var solution = solver.Solve(values[channel], frequencies.Length, out double rest);
            error += rest;
            for (int i = 0; i < positions.Length; i++)
                result[positions[i]] = (float)solution[i];
        }

        return result;
    }

    /// <summary>The orthonormal cosine transform of a box, separable, in double precision.</summary>
    public static double[] Spectrum(int[] shape, double[] values)
    {
        var x = (double[])values.Clone();
        var y = new double[x.Length];
        int inner = x.Length;
        foreach (int n in shape)
        {
            inner /= n;
            if (n >= FastCosineTransform.ShortestSide)
            {
                x = FastCosineTransform.Apply(x, n, inner);
                continue;
            }

            var table = CosineTables.Plain(n);
            for (int o = 0; o < x.Length; o += n * inner)
            {
                for (int u = 0; u < n; u++)
                {
                    var target = y.AsSpan(o + (u * inner), inner);
                    target.Clear();
                    double scale = CosineTables.Scale(u, n);
                    for (int i = 0; i < n; i++)
                    {
                        double c = table[(u * n) + i] * scale;
                        DoubleVectors.AddScaled(target, x.AsSpan(o + (i * inner), inner), c);
                    }
                }
            }

            (x, y) = (y, x);
        }

        return x;
    }

    /// <summary>The norm factor of every frequency: orthonormal cosine = factor · plain cosine.</summary>
    public static double[] Scales(int[] shape)
    {
        int size = shape.Aggregate(1, (p, n) => p * n);
        var scales = new double[size];
        for (int i = 0; i < size; i++)
        {
            double s = 1;
            int rest = i;
            for (int a = shape.Length - 1; a >= 0; a--)
            {
                s *= CosineTables.Scale(rest % shape[a], shape[a]);
                rest /= shape[a];
            }

            scales[i] = s;
        }

        return scales;
    }
}
