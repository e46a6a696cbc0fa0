namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The order of terms in a set of any shape: round, the channels interleaved by one of the profiles of <see cref="PrefixOrders"/>.</summary>
/// <remarks>Boxes of fitted sets have hundreds of shapes, so nothing is kept: an order is cheap where it is short.</remarks>
internal static class PartitionTerms
{
    /// <summary>The longest prefix of a channel.</summary>
    public const int MaxPerChannel = 512;

    /// <summary>The lowest frequencies of a box, row-major numbers, by |u/n|.</summary>
    /// <param name="box">The shape n of the box.</param>
    /// <param name="count">How many, at most <see cref="MaxPerChannel"/>.</param>
    public static (int[] Frequencies, double[] Keys) Lowest(int[] box, int count)
    {
        int d = box.Length;
        double size = box.Aggregate(1.0, (p, n) => p * n);
        count = (int)Math.Min(count, size);
        // A ball that holds more than enough of them, as long as no axis is short; then the radius grows.
        for (double radius = 2 * Math.Pow(count / size, 1.0 / d); ; radius *= 2)
        {
            var limits = box.Select(n => Math.Min(n, (int)(radius * n) + 1)).ToArray();
            int candidates = limits.Aggregate(1, (p, n) => p * n);
            var found = new List<(double Key, int Frequency)>();
            for (int i = 0; i < candidates; i++)
            {
                int rest = i, frequency = 0, below = 1;
                double squared = 0;
                for (int a = d - 1; a >= 0; a--)
                {
                    int u = rest % limits[a];
                    rest /= limits[a];
                    frequency += u * below;
                    below *= box[a];
                    double x = (double)u / box[a];
                    squared += x * x;
                }

                // Complete up to the radius only.
                if (squared <= radius * radius)
                    found.Add((Math.Round(Math.Sqrt(squared), 9), frequency));
            }

            if (found.Count < count)
                continue;
            var lowest = found.OrderBy(f => f.Key).ThenBy(f => f.Frequency).Take(count).ToArray();
            return ([.. lowest.Select(f => f.Frequency)], [.. lowest.Select(f => f.Key)]);
        }
    }

    /// <summary>The terms channel·P + frequency of an order, up to the point where a channel runs out of the given frequencies.</summary>
    /// <param name="box">The shape of the box.</param>
    /// <param name="lowest">Its lowest frequencies.</param>
    /// <param name="weights">The profile: a channel of weight w comes as late as one of w times its frequency.</param>
    public static int[] Interleave(int[] box, (int[] Frequencies, double[] Keys) lowest, double[] weights)
    {
        int size = box.Aggregate(1, (p, n) => p * n), count = lowest.Frequencies.Length;
        bool all = count == size;
        double origin = 0.3 / Math.Pow(size, 1.0 / box.Length);
        var next = new int[weights.Length];
        var terms = new List<int>();
        while (true)
        {
            int best = -1;
            double least = double.MaxValue;
            for (int c = 0; c < weights.Length; c++)
            {
                // Beyond the last frequency the order is unknown, unless the box has no more.
                if (next[c] == count && all)
                    continue;
                double key = ((next[c] == count ? lowest.Keys[^1] : lowest.Keys[next[c]]) + origin) * weights[c];
                if (key < least)
                    (best, least) = (c, key);
            }

            if (best < 0 || next[best] == count)
                return [.. terms];
            terms.Add((best * size) + lowest.Frequencies[next[best]++]);
        }
    }
}
