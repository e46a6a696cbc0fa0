using Inr.Parameterizations;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>First guesses of which samples belong together, from the signal alone.</summary>
internal static class PartitionLabels
{
    private const int Iterations = 8;

    /// <summary>Samples between two looks at the token.</summary>
    private const int PollEvery = 1 << 14;

    /// <summary>How far, in values, a sample may be from its superpixel for each spacing that it is nearer to another centre.</summary>
    private const double Compactness = 0.15;

    /// <summary>Cells along each axis for about so many superpixels.</summary>
    public static int[] SeedGrid(int[] shape, int cells)
    {
        double mean = Math.Pow(shape.Aggregate(1.0, (p, n) => p * n), 1.0 / shape.Length), perAxis = Math.Pow(cells, 1.0 / shape.Length);
        return [.. shape.Select(n => Math.Clamp((int)Math.Round(perAxis * n / mean), 1, n))];
    }

    /// <summary>Superpixels: k-means of position and value, each sample among the centres of the seeds around it (Achanta et al. 2012).</summary>
    /// <param name="grid">The samples.</param>
    /// <param name="seeds">Seeds along each axis.</param>
    /// <param name="monitor">The threads and the token of the fit.</param>
    /// <returns>The superpixel of each sample and, for each, its centre in samples.</returns>
    public static (int[] Labels, double[][] Centres) Superpixels(SampledGrid grid, int[] seeds, FitMonitor monitor)
    {
        int d = seeds.Length, channels = grid.Channels, count = seeds.Aggregate(1, (p, n) => p * n), samples = grid.Planes[0].Length;
        double[] spacing = [.. grid.Shape.Zip(seeds, (n, s) => (double)n / s)];
        double scale = Compactness * Compactness / Math.Pow(spacing.Max(), 2);
        var centres = new double[count][];
        for (int k = 0; k < count; k++)
        {
            centres[k] = new double[d + channels];
            int rest = k, at = 0;
            for (int a = d - 1, below = 1; a >= 0; below *= grid.Shape[a], a--)
            {
                centres[k][a] = ((rest % seeds[a]) + 0.5) * spacing[a];
                at += Math.Min(grid.Shape[a] - 1, (int)centres[k][a]) * below;
                rest /= seeds[a];
            }

            for (int c = 0; c < channels; c++)
                centres[k][d + c] = grid.Planes[c][at];
        }

        int neighbours = (int)Math.Pow(3, d);
        var labels = new int[samples];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            monitor.For(samples, i => labels[i] = Nearest(i));
            var sums = new double[count][];
            var counts = new int[count];
            for (int k = 0; k < count; k++)
                sums[k] = new double[d + channels];
            for (int i = 0; i < samples; i++)
            {
                if (i % PollEvery == 0)
                    monitor.Poll();
                var sum = sums[labels[i]];
                counts[labels[i]]++;
                int rest = i;
                for (int a = d - 1; a >= 0; a--)
                {
                    sum[a] += (rest % grid.Shape[a]) + 0.5;
                    rest /= grid.Shape[a];
                }

                for (int c = 0; c < channels; c++)
                    sum[d + c] += grid.Planes[c][i];
            }

            for (int k = 0; k < count; k++)
            {
                if (counts[k] > 0)
                    centres[k] = Array.ConvertAll(sums[k], s => s / counts[k]);
            }
        }

        return (labels, centres);

        int Nearest(int sample)
        {
            Span<double> position = stackalloc double[d];
            Span<int> seed = stackalloc int[d];
            int rest = sample;
            for (int a = d - 1; a >= 0; a--)
            {
                position[a] = (rest % grid.Shape[a]) + 0.5;
                seed[a] = Math.Min(seeds[a] - 1, (int)(position[a] / spacing[a]));
                rest /= grid.Shape[a];
            }

            int best = 0;
            double least = double.MaxValue;
            for (int n = 0; n < neighbours; n++)
            {
                int k = 0, code = n;
                bool outside = false;
                for (int a = 0; a < d; a++, code /= 3)
                {
                    int s = seed[a] + (code % 3) - 1;
                    outside |= s < 0 || s >= seeds[a];
                    k = (k * seeds[a]) + s;
                }

                if (outside)
                    continue;
                var centre = centres[k];
                double distance = 0, difference = 0;
                for (int a = 0; a < d; a++)
                    distance += (position[a] - centre[a]) * (position[a] - centre[a]);
                for (int c = 0; c < channels; c++)
                    difference += (grid.Planes[c][sample] - centre[d + c]) * (grid.Planes[c][sample] - centre[d + c]);
                double cost = difference + (scale * distance);
                if (cost < least)
                    (best, least) = (k, cost);
            }

            return best;
        }
    }

    /// <summary>Classes of equal size by the first channel, named so that neighbours in value differ in one bit.</summary>
    /// <param name="grid">The samples.</param>
    /// <param name="classes">How many.</param>
    /// <param name="cancellation">Leaves the sorting to itself.</param>
    public static int[] Classes(SampledGrid grid, int classes, CancellationToken cancellation)
    {
        var values = grid.Planes[0];
        var sorted = (float[])values.Clone();
        // Nothing stops a sort, but nobody has to wait for it.
        Task.Run(() => Array.Sort(sorted), CancellationToken.None).Wait(cancellation);
        float[] limits = [.. Enumerable.Range(1, classes - 1).Select(k => sorted[(int)((long)k * sorted.Length / classes)])];
        return Array.ConvertAll(values, v =>
        {
            int rank = 0;
            foreach (float limit in limits)
                rank += v >= limit ? 1 : 0;
            return rank ^ (rank >> 1);
        });
    }

    /// <summary>The two halves, by the first channel, of the samples of each cell of a regular grid: 2·cell + (0 or 1).</summary>
    /// <param name="grid">The samples.</param>
    /// <param name="cells">Cells along each axis.</param>
    /// <param name="monitor">The threads and the token of the fit.</param>
    public static int[] Halves(SampledGrid grid, int cells, FitMonitor monitor)
    {
        int d = grid.Shape.Length, samples = grid.Planes[0].Length;
        var inside = new List<int>[(int)Math.Pow(cells, d)];
        for (int i = 0; i < samples; i++)
        {
            if (i % PollEvery == 0)
                monitor.Poll();
            int rest = i, index = 0, below = 1;
            for (int a = d - 1; a >= 0; a--)
            {
                index += (int)(((rest % grid.Shape[a]) + 0.5) * cells / grid.Shape[a]) * below;
                below *= cells;
                rest /= grid.Shape[a];
            }

            (inside[index] ??= []).Add(i);
        }

        var labels = new int[samples];
        monitor.For(inside.Length, cell =>
        {
            if (inside[cell] is null)
                return;
            double limit = Middle(grid.Planes[0], inside[cell], monitor);
            foreach (int i in inside[cell])
                labels[i] = (2 * cell) + (grid.Planes[0][i] >= limit ? 1 : 0);
        });
        return labels;
    }

    // Between two means of some values.
    private static double Middle(float[] values, List<int> inside, FitMonitor monitor)
    {
        double low = inside.Min(i => values[i]), high = inside.Max(i => values[i]);
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            monitor.Poll();
            double limit = (low + high) / 2, below = 0, above = 0;
            int count = 0;
            foreach (int i in inside)
            {
                if (values[i] < limit)
                {
                    below += values[i];
                    count++;
                }
                else
                {
                    above += values[i];
                }
            }

            if (count == 0 || count == inside.Count)
                break;
            (low, high) = (below / count, above / (inside.Count - count));
        }

        return (low + high) / 2;
    }
}
