namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The fixed dictionary of orders in which the terms of a cell are taken: a prefix of one of them is what a leaf stores.</summary>
/// <remarks>
/// A term is a triple (channel k, frequency u ∈ Z_+^d). An order sorts the terms by <c>w_k·(s(u/n) + s_0)</c>, where n is the
/// shape of the cell, s is one of the shapes below and w one of the channel profiles; <c>w_k</c> large means that channel k
/// comes late. One number, the index of the order, so replaces per-channel prefix lengths and lets a leaf follow
/// stripes and textures:
/// <list type="bullet">
/// <item>balls of the p-norm, p ∈ {0.6, 1, 2}, with one axis stretched by up to 4;</item>
/// <item>in 2-D, ellipses whose long axis points in one of the directions 15°, 30°, …, 75°.</item>
/// </list>
/// Order 0…(profiles − 1) is the round one (p = 2): the orders that a cut cell may use.
/// </remarks>
internal sealed class PrefixOrders
{
    /// <summary>An order never holds more terms than this per channel: longer prefixes belong to smaller cells.</summary>
    private const int MaxTermsPerChannel = 1024;

    /// <summary>Numbers of a generation of the cache: the shapes of one picture's boxes take half of it, and those at its far edges as much again.</summary>
    private const long MostCached = 1L << 25;

    private static readonly BoundedCache<(BoxShape Shape, int Channels), PrefixOrders> Cache = new(
        MostCached,
        static key => new PrefixOrders(key.Shape.ToArray(), key.Channels, default),
        static orders => orders.Joint.Sum(o => (long)o.Length) + orders.Spatial.Sum(o => (long)o.Length));

    private static readonly (double First, double Second)[] ColorProfiles =
    [
        (1, 1), (1.5, 1.5), (2, 2), (3, 3), (5, 5), (10, 10), (1e6, 1e6), (1.5, 3), (3, 1.5), (2, 5), (5, 2), (3, 10), (10, 3), (2, 1e6), (5, 1e6), (1e6, 3),
    ];

    private PrefixOrders(int[] shape, int channels, CancellationToken cancellation)
    {
        Shape = shape;
        Channels = channels;
        CellSize = shape.Aggregate(1, (p, n) => p * n);
        var profiles = Profiles(channels);
        ProfileCount = profiles.Length;
        var shapes = Shapes(shape.Length);
        ShapeCount = shapes.Count;
        Spatial = new int[shapes.Count][];
        Joint = new int[shapes.Count * profiles.Length][];
        double origin = 0.3 / Math.Pow(CellSize, 1.0 / shape.Length);
        int length = Math.Min(CellSize, MaxTermsPerChannel);
        for (int s = 0; s < shapes.Count; s++)
        {
            cancellation.ThrowIfCancellationRequested();
            var key = Keys(shape, shapes[s]);
            var order = new int[CellSize];
            for (int i = 0; i < order.Length; i++)
                order[i] = i;
            Array.Sort(key, order);
            Spatial[s] = order[..length];
            for (int i = 0; i < key.Length; i++)
                key[i] += origin;
            for (int p = 0; p < profiles.Length; p++)
                Joint[(s * profiles.Length) + p] = Merge(order, key, profiles[p], length);
        }
    }

    /// <summary>The shape of the cell.</summary>
    public int[] Shape { get; }

    /// <summary>The number of channels.</summary>
    public int Channels { get; }

    /// <summary>The number of frequencies of a cell: one per sample.</summary>
    public int CellSize { get; }

    /// <summary>The number of channel profiles: the orders 0 to ProfileCount − 1 share the round shape.</summary>
    public int ProfileCount { get; }

    /// <summary>The number of frequency shapes.</summary>
    public int ShapeCount { get; }

    /// <summary>For each shape, frequencies (row-major in the cell) in their order.</summary>
    public int[][] Spatial { get; }

    /// <summary>For each order, terms <c>channel·CellSize + frequency</c>; order index = shape·ProfileCount + profile.</summary>
    public int[][] Joint { get; }

    /// <summary>The number of orders, which depends on the dimension and the channels only.</summary>
    public int Count => Joint.Length;

    /// <summary>The dictionary of a cell shape; kept while it is in use.</summary>
    /// <param name="shape">The shape of the cell.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="cancellation">Stops the making of one that is not at hand.</param>
    public static PrefixOrders Get(ReadOnlySpan<int> shape, int channels, CancellationToken cancellation = default)
    {
        var key = (BoxShape.Of(shape), channels);
        return cancellation.CanBeCanceled ? Cache.Get(key, k => new PrefixOrders(k.Shape.ToArray(), k.Channels, cancellation)) : Cache.Get(key);
    }

    /// <summary>The number of orders for a dimension and a channel count.</summary>
    public static int CountFor(int dimension, int channels) => Get(Enumerable.Repeat(1, dimension).ToArray(), channels).Count;

    /// <summary>The number of channel profiles for a channel count.</summary>
    public static int ProfilesFor(int channels) => Profiles(channels).Length;

    /// <summary>The channel profiles: a channel of weight w comes as late as one of w times its frequency.</summary>
    public static double[][] ProfileWeights(int channels) => Profiles(channels);

    // Sorting every order of every shape would take seconds; the channels of a profile are sorted already, so merge them.
    private static int[] Merge(int[] order, double[] sorted, double[] weights, int perChannel)
    {
        int channels = weights.Length, cell = order.Length;
        Span<int> next = stackalloc int[channels];
        Span<double> keys = stackalloc double[channels];
        next.Clear();
        for (int c = 0; c < channels; c++)
            keys[c] = sorted[0] * weights[c];
        var merged = new int[Math.Min((long)channels * cell, (long)channels * perChannel)];
        for (int i = 0; i < merged.Length; i++)
        {
            int best = 0;
            for (int c = 1; c < channels; c++)
            {
                if (keys[c] < keys[best])
                    best = c;
            }

            int at = next[best]++;
            merged[i] = (best * cell) + order[at];
            keys[best] = at + 1 == cell ? double.PositiveInfinity : sorted[at + 1] * weights[best];
        }

        return merged;
    }

    private static double[][] Profiles(int channels) => channels switch
    {
        1 => [[1]],
        2 => [[1, 1], [1, 2], [1, 5], [2, 1], [5, 1]],
        // A fourth channel is opacity: mostly flat, with sharp edges where it is not.
        _ => [.. ColorProfiles.Select(p => Enumerable.Range(0, channels).Select(c => c switch { 1 => p.First, 2 => p.Second, _ => 1.0 }).ToArray())],
    };

    // What the terms are sorted by: a function of u/n.
    private static List<Func<double, double, double, double>> Shapes(int dimension)
    {
        var shapes = new List<Func<double, double, double, double>> { (x, y, z) => Math.Sqrt((x * x) + (y * y) + (z * z)) };
        if (dimension == 2)
        {
            foreach (double a in (ReadOnlySpan<double>)[0.25, 0.5, 0.71, 1.41, 2, 4])
                Stretched(a, (x, y) => Math.Sqrt((x * x) + (y * y)));
            foreach (double a in (ReadOnlySpan<double>)[0.5, 1, 2])
                Stretched(a, (x, y) => x + y);
            foreach (double a in (ReadOnlySpan<double>)[0.5, 1, 2])
                Stretched(a, (x, y) => Math.Pow(Math.Pow(x, 0.6) + Math.Pow(y, 0.6), 1 / 0.6));
            shapes.Add((x, y, _) => Math.Max(x, y) + (0.01 * (x + y)));
            foreach (double degrees in (ReadOnlySpan<double>)[15, 30, 45, 60, 75])
            {
                double c = Math.Cos(degrees * Math.PI / 180), s = Math.Sin(degrees * Math.PI / 180);
                foreach (double e in (ReadOnlySpan<double>)[1.7, 3])
                {
                    double root = Math.Sqrt(e);
                    shapes.Add((x, y, _) =>
                    {
                        double along = ((x * c) + (y * s)) / root, across = ((y * c) - (x * s)) * root;
                        return Math.Sqrt((along * along) + (across * across));
                    });
                }
            }
        }
        else if (dimension > 2)
        {
            shapes.Add((x, y, z) => x + y + z);
            shapes.Add((x, y, z) => Math.Pow(Math.Pow(x, 0.6) + Math.Pow(y, 0.6) + Math.Pow(z, 0.6), 1 / 0.6));
            for (int axis = 0; axis < dimension; axis++)
            {
                int a = axis;
                foreach (double e in (ReadOnlySpan<double>)[0.25, 0.5, 2, 4])
                {
                    shapes.Add((x, y, z) =>
                    {
                        (x, y, z) = (a == 0 ? x * e : x, a == 1 ? y * e : y, a == 2 ? z * e : z);
                        return Math.Sqrt((x * x) + (y * y) + (z * z));
                    });
                }
            }
        }

        return shapes;

        void Stretched(double a, Func<double, double, double> norm)
        {
            double root = Math.Sqrt(a);
            shapes.Add((x, y, _) => norm(x * root, y / root));
        }
    }

    private static double[] Keys(int[] shape, Func<double, double, double, double> sortBy)
    {
        int d = shape.Length, size = shape.Aggregate(1, (p, n) => p * n);
        var key = new double[size];
        Span<double> u = stackalloc double[3];
        u.Clear();
        for (int i = 0; i < size; i++)
        {
            int rest = i;
            for (int a = d - 1; a >= 0; a--)
            {
                u[a] = (double)(rest % shape[a]) / shape[a];
                rest /= shape[a];
            }

            // Ties go to the smaller row-major index, on every machine.
            key[i] = Math.Round(sortBy(u[0], u[1], u[2]), 9) + (1e-10 * i / size);
        }

        return key;
    }
}
