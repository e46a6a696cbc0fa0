using System.Runtime.InteropServices;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Renders one uncut region that covers the whole domain, as a global cosine is, on a large grid over any window.</summary>
/// <remarks>
/// The cosines of a grid are products of one factor an axis, so rendering is a matrix product for each axis; the first axis
/// is done strip by strip, which bounds the memory by the result and little more. A long line of many terms is one inverse
/// Fourier transform (the inverse of Makhoul, 1980).
/// </remarks>
internal static class WholeGridRenderer
{
    /// <summary>Numbers of a strip.</summary>
    private const long NumbersAtOnce = 1 << 20;

    /// <summary>Samples times terms of a line from which a Fourier transform is faster than their matrix product.</summary>
    private const double LongLine = 1 << 26;

    /// <summary>Smaller grids take no time in any way.</summary>
    private const long FewestSamples = 1 << 16;

    /// <summary>Whether an expansion is one uncut region over the whole domain, and a grid large enough to be worth it.</summary>
    /// <param name="regions">The expansion.</param>
    /// <param name="samples">Samples of the grid.</param>
    public static bool Applies(DenseRegions regions, long samples) =>
        samples >= FewestSamples && regions.Leaves.Length == 1 && regions.Leaves[0].Cut is null && regions.Structure.Locate is null;

    /// <summary>Renders.</summary>
    /// <param name="regions">One uncut region over the whole domain.</param>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="window">The interval of each axis.</param>
    /// <param name="cancellation">Stops between strips.</param>
    /// <returns>Shape [N,c], row-major, on the CPU.</returns>
    /// <exception cref="OperationCanceledException">The caller stopped it.</exception>
    public static Tensor Render(DenseRegions regions, ReadOnlySpan<int> shape, ReadOnlySpan<(double Low, double High)> window, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        int channels = regions.Level.Length;
        int[] size = [1, 1, 1];
        (double Low, double High)[] intervals = [(-1, 1), (-1, 1), (-1, 1)];
        shape.CopyTo(size.AsSpan(3 - shape.Length));
        window.CopyTo(intervals.AsSpan(3 - shape.Length));
        var region = regions.Regions[0];
        int[] extents = [Math.Max(1, region.Extent0), Math.Max(1, region.Extent1), Math.Max(1, region.Extent2)];
        var result = empty([size[0] * (long)size[1] * size[2], channels], float32, CPU);
        var rotation = tensor(Array.ConvertAll(ColorRotation.For(channels), x => (float)x), [channels, channels], device: CPU);
        var offset = tensor(regions.Level, device: CPU);
        // Where a line has no coefficient at all, there is nothing to sum.
        var terms = region.ChannelLength == 0
            ? zeros([channels, 1, 1, 1], float32, CPU)
            : tensor(regions.Values, device: CPU).narrow(0, region.Offset, (long)channels * region.ChannelLength).reshape(channels, extents[0], extents[1], region.Row).slice(3, 0, extents[2], 1);
        int lead = Array.FindIndex(size, n => n > 1);
        lead = lead < 0 ? 2 : Math.Min(lead, Array.FindIndex(extents, e => e > 1) is >= 0 and var first ? first : 2);
        if (lead == 2 && intervals[2] == (-1, 1) && (double)size[2] * extents[2] > LongLine)
        {
            for (int c = 0; c < channels; c++)
                Line(TensorNumbers.Of(terms[c, 0, 0]), size[2], result.select(1, c), cancellation);
            Turn(result, rotation, offset, cancellation);
        }
        else
        {
            Strips([.. Enumerable.Range(0, channels).Select(c => Behind(terms[c], lead, size, intervals, extents))], intervals[lead], size[lead], extents[lead], result, rotation, offset, cancellation);
        }

        return result.MoveToOuterDisposeScope();
    }

    // The sums over all axes behind the leading one: [terms of the leading axis, samples of the others].
    private static Tensor Behind(Tensor terms, int lead, int[] size, (double Low, double High)[] intervals, int[] extents)
    {
        using var scope = NewDisposeScope();
        if (lead == 2)
            return terms.reshape(extents[2], 1).contiguous().MoveToOuterDisposeScope();
        var sums = mm(terms.reshape(-1, extents[2]), Cosines(intervals[2], 0, size[2], size[2], extents[2]).t());
        if (lead == 0)
        {
            var middle = Cosines(intervals[1], 0, size[1], size[1], extents[1]).unsqueeze(0).expand(extents[0], size[1], extents[1]);
            sums = bmm(middle, sums.reshape(extents[0], extents[1], size[2]));
        }

        return sums.reshape(extents[lead], -1).contiguous().MoveToOuterDisposeScope();
    }

    private static void Strips(Tensor[] behind, (double Low, double High) interval, int samples, int extent, Tensor result, Tensor rotation, Tensor offset, CancellationToken cancellation)
    {
        long width = result.shape[0] / samples;
        int rows = (int)Math.Max(1, NumbersAtOnce / Math.Max(width, extent));
        for (int first = 0; first < samples; first += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            int count = Math.Min(rows, samples - first);
            var cosines = Cosines(interval, first, count, samples, extent);
            var channels = stack(behind.Select(b => mm(cosines, b).flatten()).ToArray(), 1);
            result.narrow(0, first * width, count * width).copy_(mm(channels, rotation) + offset);
        }
    }

    // Element [i, u] is cos(πut) at the place t of sample first + i, 0 to 1 over the domain.
    private static Tensor Cosines((double Low, double High) interval, int first, int count, int samples, int extent)
    {
        using var scope = NewDisposeScope();
        double step = (interval.High - interval.Low) / 2 / samples;
        var place = ((arange(first, first + count, dtype: float64, device: CPU) + 0.5) * (Math.PI * step)) + (Math.PI * (interval.Low + 1) / 2);
        return (place.unsqueeze(1) * arange(extent, dtype: float64, device: CPU)).cos().to(float32).MoveToOuterDisposeScope();
    }

    // Σ_u a_u·cos(πu(i+½)/n) for all i.
    private static void Line(float[] terms, int samples, Tensor target, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var halves = Fold(terms, samples);
        var spectrum = zeros([(samples / 2) + 1], complex64, CPU);
        for (int first = 0; first < spectrum.shape[0]; first += (int)NumbersAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(NumbersAtOnce, spectrum.shape[0] - first);
            // Behind the last term only the mirrored ones are left.
            if (first >= halves.Length && samples - first - count >= halves.Length)
                continue;
            using var part = spectrum.narrow(0, first, count);
            var numbers = MemoryMarshal.Cast<byte, float>(part.bytes);
            for (int i = 0; i < count; i++)
            {
                int u = first + i;
                double real = u < halves.Length ? halves[u] : 0, mirrored = u > 0 && samples - u < halves.Length ? halves[samples - u] : 0;
                var (sine, cosine) = Math.SinCos(Math.PI * u / (2.0 * samples));
                numbers[2 * i] = (float)((real * cosine) + (mirrored * sine));
                numbers[(2 * i) + 1] = (float)((real * sine) - (mirrored * cosine));
            }
        }

        var shuffled = fft.irfft(spectrum, samples, norm: FFTNormType.Forward);
        int even = (samples + 1) / 2;
        target.slice(0, 0, samples, 2).copy_(shuffled.narrow(0, 0, even));
        if (samples > 1)
            target.slice(0, 1, samples, 2).copy_(shuffled.narrow(0, even, samples - even).flip(0));
    }

    // Terms above what the grid can tell apart equal lower ones at its samples, with a sign; all but the constant count half.
    private static double[] Fold(float[] terms, int samples)
    {
        var folded = new double[Math.Min(terms.Length, samples)];
        long period = 2L * samples;
        for (int u = 0; u < terms.Length; u++)
        {
            long w = u % period;
            double sign = u / period % 2 == 0 ? 1 : -1;
            if (w < samples)
                folded[w] += sign * terms[u];
            else if (w > samples)
                folded[period - w] -= sign * terms[u];
        }

        for (int u = 1; u < folded.Length; u++)
            folded[u] /= 2;
        return folded;
    }

    private static void Turn(Tensor result, Tensor rotation, Tensor offset, CancellationToken cancellation)
    {
        for (long first = 0; first < result.shape[0]; first += NumbersAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var part = result.narrow(0, first, Math.Min(NumbersAtOnce, result.shape[0] - first));
            part.copy_(mm(part, rotation) + offset);
        }
    }
}
