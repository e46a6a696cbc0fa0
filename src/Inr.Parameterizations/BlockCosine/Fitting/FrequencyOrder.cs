using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>The frequencies of a box in the order of |u|, u in cycles per sample: the order that prefixes of block cosines follow.</summary>
/// <remarks>
/// Frequencies with one |u|, to nine digits, follow their row-major number. The order is made shell by shell from the inside,
/// so that the lowest few of a box of millions take a moment, and all of them no array beside the result.
/// </remarks>
internal static class FrequencyOrder
{
    /// <summary>Frequencies of a shell, about.</summary>
    private const double ShellSize = 1 << 18;

    /// <summary>The lowest frequencies of a box.</summary>
    /// <param name="shape">The shape of the box.</param>
    /// <param name="count">How many; all where there are fewer.</param>
    /// <param name="cancellation">Stops between shells.</param>
    /// <returns>Row-major numbers of the frequencies.</returns>
    public static int[] Lowest(int[] shape, int count, CancellationToken cancellation = default)
    {
        int size = shape.Aggregate(1, (p, n) => checked(p * n));
        var order = new int[Math.Min(count, size)];
        // In one dimension frequencies are in order.
        if (shape.Length == 1)
        {
            for (int i = 0; i < order.Length; i++)
                order[i] = i;
            return order;
        }

        int done = 0;
        foreach (var (low, high) in Shells(shape))
        {
            cancellation.ThrowIfCancellationRequested();
            if (done == order.Length)
                break;
            if (Shell(shape, low, high) is not { } shell)
                return Sorted(shape)[..order.Length];
            int taken = Math.Min(shell.Length, order.Length - done);
            shell.AsSpan(0, taken).CopyTo(order.AsSpan(done));
            done += taken;
        }

        return order;
    }

    /// <summary>All frequencies of a grid.</summary>
    /// <param name="shape">The shape of the grid.</param>
    /// <param name="until">The share of the fit that is done afterwards.</param>
    /// <param name="monitor">The threads and the token of the fit.</param>
    /// <returns>Row-major numbers of the frequencies; null in one dimension, where they are in order.</returns>
    public static NativeBuffer<int>? All(int[] shape, double until, FitMonitor monitor)
    {
        if (shape.Length == 1)
            return null;
        var shells = Shells(shape).ToArray();
        var order = new NativeBuffer<int>(shape.Aggregate(1L, (p, n) => p * n));
        try
        {
            monitor.Begin(until, shells.Length);
            long done = 0;
            int threads = monitor.Parallel.MaxDegreeOfParallelism;
            var sorted = new int[threads][];
            for (int first = 0; first < shells.Length; first += threads)
            {
                int count = Math.Min(threads, shells.Length - first);
                monitor.For(count, k =>
                {
                    sorted[k] = Shell(shape, shells[first + k].Low, shells[first + k].High) ?? [];
                    monitor.Advance();
                });
                for (int k = 0; k < count; k++)
                {
                    sorted[k].CopyTo(order.Span(done, sorted[k].Length));
                    done += sorted[k].Length;
                }
            }

            if (done < order.Length)
                Sorted(shape).CopyTo(order.Span(0, (int)order.Length));
            return order;
        }
        catch
        {
            order.Dispose();
            throw;
        }
    }

    // Ranges of |u| that hold some of the frequencies each, and together all.
    private static IEnumerable<(double Low, double High)> Shells(int[] shape)
    {
        double size = shape.Aggregate(1.0, (p, n) => p * n), end = Math.Sqrt(shape.Length), low = 0;
        int d = shape.Length;
        while (low < end)
        {
            // The part of a ball of radius r that has no negative coordinate holds size·c·r^d frequencies.
            double ball = d == 2 ? Math.PI / 4 : Math.PI / 6;
            double high = Math.Pow(Math.Pow(low, d) + (ShellSize / (size * ball)), 1.0 / d);
            // A limit between two values of nine digits, so that rounding moves nothing over it.
            high = Math.Max(Math.Round(high, 9), low + 1e-9) + 5e-10;
            yield return (low, high);
            low = high;
        }
    }

    // The frequencies of a shell in their order; null where two share a key.
    private static int[]? Shell(int[] shape, double low, double high)
    {
        int d = shape.Length, last = shape[d - 1];
        double size = shape.Aggregate(1.0, (p, n) => p * n);
        var keys = new List<double>((int)(ShellSize * 1.1));
        var numbers = new List<int>((int)(ShellSize * 1.1));
        int lines = shape.AsSpan(0, d - 1).ToArray().Aggregate(1, (p, n) => p * n);
        for (int line = 0; line < lines; line++)
        {
            double others = 0;
            int rest = line;
            for (int a = d - 2; a >= 0; a--)
            {
                double u = (double)(rest % shape[a]) / shape[a];
                others += u * u;
                rest /= shape[a];
            }

            // Two more on each side: the limits of the line are rough, the key decides.
            if (others > (high * high) + 1e-6)
                continue;
            int from = Math.Max(0, (int)(Math.Sqrt(Math.Max(0, (low * low) - others)) * last) - 2);
            int to = Math.Min(last - 1, (int)(Math.Sqrt(Math.Max(0, (high * high) - others)) * last) + 2);
            for (int x = from; x <= to; x++)
            {
                int number = (line * last) + x;
                double radius = Radius(shape, number);
                if (radius < low || radius >= high)
                    continue;
                keys.Add(radius + (1e-10 * number / size));
                numbers.Add(number);
            }
        }

        double[] sorted = [.. keys];
        int[] order = [.. numbers];
        Array.Sort(sorted, order);
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1])
                return null;
        }

        return order;
    }

    // Where keys are equal, which a grid of very unequal sides may have, the order is the one that a sort of all gives.
    private static int[] Sorted(int[] shape)
    {
        int size = shape.Aggregate(1, (p, n) => p * n);
        var keys = new double[size];
        var order = new int[size];
        for (int i = 0; i < size; i++)
            (keys[i], order[i]) = (Radius(shape, i) + (1e-10 * i / size), i);
        Array.Sort(keys, order);
        return order;
    }

    private static double Radius(int[] shape, int number)
    {
        double sum = 0;
        for (int a = shape.Length - 1; a >= 0; a--)
        {
            double u = (double)(number % shape[a]) / shape[a];
            sum += u * u;
            number /= shape[a];
        }

        return Math.Round(Math.Sqrt(sum), 9);
    }
}
