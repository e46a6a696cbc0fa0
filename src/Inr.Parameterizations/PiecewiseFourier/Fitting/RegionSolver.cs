using System.Buffers;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Exact least squares of tensor cosines on the samples of one region, in double precision.</summary>
internal static class RegionSolver
{
    /// <summary>The gain of every term of an order, on a full box: squared inner products with the orthonormal cosines.</summary>
    public static RegionFit FullBox(PrefixOrders orders, int order, double[][] values)
    {
        double total = 0;
        foreach (var v in values)
        {
            double energy = 0;
            foreach (double x in v)
                energy += x * x;
            total += energy;
        }

        var terms = orders.Joint[order];
        var gains = Spectrum(orders.Shape, terms, values);
        for (int j = 0; j < gains.Length; j++)
            gains[j] *= gains[j];
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
    /// <param name="shape">The shape of the box.</param>
    /// <param name="terms">Terms channel·P + frequency.</param>
    /// <param name="values">For each channel, the values of the box.</param>
    public static float[] SolveFullBox(int[] shape, ReadOnlySpan<int> terms, double[][] values)
    {
        var spectrum = Spectrum(shape, terms, values);
        var result = new float[terms.Length];
        for (int j = 0; j < result.Length; j++)
            result[j] = (float)(spectrum[j] * Scale(shape, terms[j]));
        return result;
    }

    /// <summary>Inner products with the orthonormal cosines of a box.</summary>
    /// <param name="shape">The shape of the box.</param>
    /// <param name="terms">Terms channel·P + frequency.</param>
    /// <param name="values">For each channel, the values of the box.</param>
    /// <returns>One for each term.</returns>
    public static double[] Spectrum(int[] shape, ReadOnlySpan<int> terms, double[][] values)
    {
        var extents = BoxTransform.Extents(shape, terms);
        var spectra = new double[values.Length][];
        var result = new double[terms.Length];
        for (int j = 0; j < result.Length; j++)
        {
            var (channel, index) = BoxTransform.Locate(shape, extents, terms[j]);
            spectra[channel] ??= BoxTransform.Apply(shape, values[channel], extents);
            result[j] = spectra[channel][index];
        }

        return result;
    }

    /// <summary>Inner products with the orthonormal cosines of a box of a grid; channels without a term are not read.</summary>
    /// <param name="grid">The samples.</param>
    /// <param name="start">The corner of the box.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="terms">Terms channel·P + frequency.</param>
    /// <returns>One for each term.</returns>
    public static double[] Spectrum(SampledGrid grid, int[] start, int[] shape, ReadOnlySpan<int> terms)
    {
        int size = shape.Aggregate(1, (p, n) => p * n);
        var extents = BoxTransform.Extents(shape, terms);
        var spectra = new double[grid.Channels][];
        var result = new double[terms.Length];
        var values = ArrayPool<double>.Shared.Rent(size);
        for (int j = 0; j < result.Length; j++)
        {
            var (channel, index) = BoxTransform.Locate(shape, extents, terms[j]);
            if (spectra[channel] is null)
            {
                grid.Read(channel, start, shape, values.AsSpan(0, size));
                spectra[channel] = BoxTransform.Apply(shape, values.AsSpan(0, size), extents);
            }

            result[j] = spectra[channel][index];
        }

        ArrayPool<double>.Shared.Return(values);
        return result;
    }

    /// <summary>The norm factor of a frequency: orthonormal cosine = factor · plain cosine.</summary>
    /// <param name="shape">The shape of the box.</param>
    /// <param name="term">A term channel·P + frequency, or the frequency alone.</param>
    public static double Scale(ReadOnlySpan<int> shape, int term)
    {
        double scale = 1;
        for (int a = shape.Length - 1; a >= 0; a--)
        {
            scale *= CosineTables.Scale(term % shape[a], shape[a]);
            term /= shape[a];
        }

        return scale;
    }

    /// <summary>The coefficients that fit the values at some samples best, for chosen terms.</summary>
    /// <param name="shape">The shape of the box.</param>
    /// <param name="terms">Terms channel·P + frequency, in any order, without repetition.</param>
    /// <param name="samples">The samples of the region.</param>
    /// <param name="values">For each channel, the values at those samples.</param>
    /// <param name="error">The squared error that remains.</param>
    /// <param name="cancellation">Stops a long one.</param>
    /// <returns>One coefficient per term; 0 where the earlier terms leave nothing to tell them apart.</returns>
    public static float[] SolvePart(int[] shape, int[] terms, int[] samples, double[][] values, out double error, CancellationToken cancellation = default)
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
            var solver = nested ? shared! : new LeastSquares([.. frequencies.Select(f => RegionColumns.Cosine(shape, samples, f))], samples.Length, cancellation);
            if (shared is null)
                (shared, sharedFrequencies) = (solver, frequencies);
            var solution = solver.Solve(values[channel], frequencies.Length, out double rest);
            error += rest;
            for (int i = 0; i < positions.Length; i++)
                result[positions[i]] = (float)solution[i];
        }

        return result;
    }
}
