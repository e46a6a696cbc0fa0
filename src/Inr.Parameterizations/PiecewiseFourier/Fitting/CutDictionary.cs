namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The cuts that the search tries in a box of one shape, each with nested orthonormal bases of its two regions.</summary>
/// <remarks>It depends on nothing but the shape, so those of the usual shapes are kept from one fit to the next.</remarks>
internal sealed class CutDictionary
{
    /// <summary>A region holds at least this share of the box, or it is cheaper to write as single terms.</summary>
    private const double SmallestShare = 0.05;

    /// <summary>Terms per sample that a cut region may spend on one channel.</summary>
    public const double TermShare = 0.6;

    /// <summary>Angles in the plane, over half a turn.</summary>
    private const int Directions = 16;

    /// <summary>Numbers of a generation of the cache: the shapes of one picture's boxes take a fifth of it.</summary>
    private const long MostCached = 1L << 25;

    private static readonly BoundedCache<BoxShape, CutDictionary> Cache = new(
        MostCached,
        static shape => new CutDictionary(shape.ToArray(), new FitMonitor(0)),
        static dictionary => dictionary.Cuts.Sum(c => (long)c.First.Columns.Length + c.Second.Columns.Length));

    private CutDictionary(int[] shape, FitMonitor monitor)
    {
        var candidates = Candidates(shape);
        var cuts = new Entry?[candidates.Count];
        monitor.For(cuts.Length, i => cuts[i] = Create(shape, candidates[i].Cut, TermShare, monitor.Cancellation));
        int[] kept = [.. Enumerable.Range(0, cuts.Length).Where(i => cuts[i] is not null)];
        Cuts = [.. kept.Select(i => cuts[i]!)];
        // Every second angle of the plane and every second offset, from the middle on.
        bool everyAngle = shape.Length != 2;
        Coarse = [.. Enumerable.Range(0, kept.Length).Where(k => candidates[kept[k]] is var c && (everyAngle || c.Angle % 2 == 0) && c.Offset % 2 == 0)];
        Around = new int[Cuts.Length][];
        foreach (int k in Coarse)
            Around[k] = [.. Enumerable.Range(0, kept.Length).Where(i => i != k && AreNeighbours(candidates[kept[k]], candidates[kept[i]], everyAngle ? 0 : 1))];
    }

    /// <summary>The cuts.</summary>
    public Entry[] Cuts { get; }

    /// <summary>The numbers of some cuts that are spread over all of them.</summary>
    public int[] Coarse { get; }

    /// <summary>For each of the <see cref="Coarse"/> cuts, those that differ from it by a step at most in angle and offset.</summary>
    public int[][] Around { get; }

    /// <summary>The dictionary of a box shape.</summary>
    /// <param name="shape">The shape of the box.</param>
    /// <param name="monitor">The threads and the token of the fit that asks.</param>
    public static CutDictionary Get(int[] shape, FitMonitor monitor)
    {
        return Cache.Get(BoxShape.Of(shape), key => new CutDictionary(key.ToArray(), monitor));
    }

    /// <summary>A cut with the bases of its regions, or null where too little lies on one side of it.</summary>
    /// <param name="shape">The shape of the box.</param>
    /// <param name="cut">The parameters of its <see cref="CutSurface"/>; the offset may be nudged.</param>
    /// <param name="termShare">Columns per sample of a region, at most.</param>
    /// <param name="cancellation">Stops a long one.</param>
    public static Entry? Create(int[] shape, double[] cut, double termShare, CancellationToken cancellation = default)
    {
        KeepOffSamples(cut, shape);
        var mask = new CutSurface(cut, shape).Mask(shape);
        int[] first = [.. Enumerable.Range(0, mask.Length).Where(s => !mask[s])];
        int[] second = [.. Enumerable.Range(0, mask.Length).Where(s => mask[s])];
        if (Math.Min(first.Length, second.Length) < Math.Max(4, SmallestShare * mask.Length))
            return null;
        var order = PrefixOrders.Get(shape, 1, cancellation).Spatial[0];
        return new Entry(cut, RegionBasis.Create(shape, first, order, termShare, cancellation), RegionBasis.Create(shape, second, order, termShare, cancellation));
    }

    // A sample on the line itself would change sides with the last bit of its coordinate.
    private static void KeepOffSamples(double[] cut, int[] shape)
    {
        const double Margin = 0.02, Nudge = 0.043;
        int longest = shape.Max(), offset = shape.Length - 1;
        for (int attempt = 0; attempt < 20 && new CutSurface(cut, shape).Clearance(shape) < Margin; attempt++)
            cut[offset] += Nudge * 2 / longest;
    }

    private static bool AreNeighbours((int Angle, int Offset, double[] Cut) a, (int Angle, int Offset, double[] Cut) b, int turn)
    {
        int apart = b.Angle - a.Angle, offset = b.Offset;
        // After half a turn a normal points the other way.
        if (turn > 0 && Math.Abs(apart) > Directions / 2)
            (apart, offset) = (apart - (Math.Sign(apart) * Directions), -offset);
        return Math.Abs(apart) <= turn && Math.Abs(offset - a.Offset) <= 1;
    }

    private static List<(int Angle, int Offset, double[] Cut)> Candidates(int[] shape)
    {
        var list = new List<(int Angle, int Offset, double[] Cut)>();
        int angle = 0;
        int longest = shape.Max();
        double step = longest <= 8 ? 1 : longest * 0.1;
        foreach (var angles in Angles(shape.Length))
        {
            // The farthest corner bounds the offsets that cut the box at all.
            var direction = new CutSurface([.. angles, 0], shape);
            double reach = 0;
            for (int a = 0; a < shape.Length; a++)
                reach += Math.Abs(direction.Normal(a)) * shape[a] / 2;
            int steps = (int)(reach * 0.8 / step);
            for (int k = -steps; k <= steps; k++)
                list.Add((angle, k, [.. angles, k * step * 2 / longest]));
            angle++;
        }

        return list;
    }

    /// <summary>The directions that are tried: 16 in the plane, the 13 axes and diagonals of a cube in space.</summary>
    public static IEnumerable<double[]> Angles(int dimension)
    {
        switch (dimension)
        {
            case 1:
                yield return [];
                break;
            case 2:
                for (int k = 0; k < Directions; k++)
                    yield return [Math.PI * k / Directions];
                break;
            default:
                for (int x = 0; x <= 1; x++)
                {
                    for (int y = -1; y <= 1; y++)
                    {
                        for (int z = -1; z <= 1; z++)
                        {
                            if (x == 0 && (y < 0 || (y == 0 && z <= 0)))
                                continue;
                            double r = Math.Sqrt((y * y) + (z * z));
                            yield return [Math.Atan2(r, x), Math.Atan2(z, y)];
                        }
                    }
                }

                break;
        }
    }

    /// <summary>One cut.</summary>
    /// <param name="Parameters">The parameters of its <see cref="CutSurface"/>.</param>
    /// <param name="First">The basis where the distance is negative.</param>
    /// <param name="Second">The basis on the other side.</param>
    internal sealed record Entry(double[] Parameters, RegionBasis First, RegionBasis Second);
}
