using System.Collections.Concurrent;
using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Finds the boxes that are cheaper with a cut, and the best cut of each in the dictionary.</summary>
/// <remarks>
/// Exhaustive: every cut of the dictionary, both regions, every channel profile. The inner products are dense matrix
/// products at close to the peak of the processor, which beats any shortcut that has to branch. Curved cuts start from
/// the best straight one of a box, whether that pays or not (<see cref="ArcSearch"/>), and are solved exactly.
/// </remarks>
internal sealed class CutSearch
{
    /// <summary>A cut that lowers the cost of a box by more than the rest of this share is too rare to look for.</summary>
    private const double HopefulShare = 0.5;

    /// <summary>Terms per sample that a curved region may spend on one channel while it is searched: its bases serve one box.</summary>
    private const double CurveTermShare = 0.3;

    private readonly SampledGrid _grid;
    private readonly BoxLattice _lattice;
    private readonly int _maxSide;
    private readonly ParallelOptions _parallel;
    // The best straight cut of every box that was searched, whether it pays or not: where a bend starts from.
    private readonly BestStraight? _straight;
    private readonly ConcurrentDictionary<(int Columns, PrefixOrders Orders), int[][]> _orders = new();

    /// <param name="grid">The samples.</param>
    /// <param name="lattice">The boxes.</param>
    /// <param name="maxSide">The largest side of a box that is cut.</param>
    /// <param name="parallel">The threads.</param>
    /// <param name="curved">Whether to bend the best straight cuts too.</param>
    public CutSearch(SampledGrid grid, BoxLattice lattice, int maxSide, ParallelOptions parallel, bool curved)
    {
        _straight = curved ? new BestStraight(lattice.BoxCount) : null;
        _grid = grid;
        _lattice = lattice;
        _maxSide = maxSide;
        _parallel = parallel;
    }

    /// <summary>Numbers of a cut leaf besides its coefficients: code, d for the cut, two prefix lengths.</summary>
    public static int Overhead(int dimension) => 3 + dimension;

    /// <summary>Replaces leaves of the table by cut leaves where those cost less.</summary>
    /// <param name="price">λ.</param>
    /// <param name="table">The best leaves without a cut.</param>
    /// <param name="allowances">For each box, the cost that a leaf must stay below to matter (<see cref="TreeAllocator.Allowances"/>).</param>
    public void Improve(float price, LeafTable table, double[] allowances)
    {
        int d = _lattice.Domain.Length;
        // Smaller boxes have too few samples for two regions; larger ones are better halved first.
        const int MinSide = 4, LargestVolume = 8, LineFactor = 8;
        int maxSide = d switch { 1 => _maxSide * LineFactor, 2 => _maxSide, _ => Math.Min(_maxSide, LargestVolume) };
        var work = new List<(BoxClass Class, CutDictionary Cuts, int[] Shape, int[] Boxes)>();
        foreach (var c in _lattice.Classes)
        {
            if (c.Sides.Any(s => s < MinSide || s > maxSide))
                continue;
            // Boxes that the far edge clips keep no dictionary of their own.
            foreach (var (shape, boxes) in c.GroupByShape().Where(g => g.Shape.SequenceEqual(c.Sides)))
            {
                int least = Overhead(d) + 2;
                var hopeful = Array.FindAll(boxes, b => allowances[c.Offset + b] > Math.Max(least * price, HopefulShare * table.Cost(c.Offset + b, price)));
                var cuts = CutDictionary.Get(shape);
                for (int first = 0; first < hopeful.Length; first += Lanes.Width)
                    work.Add((c, cuts, shape, hopeful[first..Math.Min(first + Lanes.Width, hopeful.Length)]));
            }
        }

        if (work.Count == 0)
            return;
        Parallel.ForEach(Partitioner.Create(0, work.Count, 1), _parallel, range =>
        {
            for (int i = range.Item1; i < range.Item2; i++)
                SearchTile(work[i].Class, work[i].Cuts, work[i].Shape, work[i].Boxes, price, table, allowances);
        });
        if (_straight is not null)
            Bend(price, table, allowances, [.. work.Select(w => (w.Class, w.Shape, w.Boxes))]);
    }

    // Every box that was searched, whether its straight cut pays or not.
    private void Bend(float price, LeafTable table, double[] allowances, (BoxClass Class, int[] Shape, int[] Boxes)[] searched)
    {
        var work = searched
            .Where(s => s.Shape.Length > 1 && s.Shape.Max() >= ArcSearch.MinLongestSide)
            .SelectMany(s => s.Boxes.Select(b => (s.Class, s.Shape, Box: b)))
            .Where(w => _straight!.Cut[w.Class.Offset + w.Box] >= 0)
            .ToArray();
        Parallel.ForEach(work, _parallel, w => Bend(w.Class, w.Shape, w.Box, price, table, allowances));
    }

    private void Bend(BoxClass boxClass, int[] shape, int box, float price, LeafTable table, double[] allowances)
    {
        int d = shape.Length, at = boxClass.Offset + box;
        var position = new int[d];
        boxClass.Position(box, position);
        int[] start = [.. position.Select((p, a) => boxClass.Extent(a, p).Start)];
        var values = _grid.Values(start, shape);
        if (new ArcSearch(shape, values).Bend(CutDictionary.Get(shape).Cuts[_straight!.Cut[at]].Parameters) is not { } arc
            || CutDictionary.Create(shape, arc, CurveTermShare) is not { } entry)
            return;
        var orders = PrefixOrders.Get(shape, _grid.Channels);
        int order = _straight.Order[at], overhead = Overhead(d) + 1;
        var first = RegionSolver.Part(orders, order, entry.First, values);
        var second = RegionSolver.Part(orders, order, entry.Second, values);
        double cost = first.Choose(price, false) + second.Choose(price, false) + (overhead * price);
        if (cost >= Math.Min(table.Cost(at, price), allowances[at]))
            return;
        Record(table, at, (float)cost, price, overhead, order, first.Prefix, second.Prefix, -1);
        table.Curve[at] = entry.Parameters;
    }

    private static void Record(LeafTable table, int at, float cost, float price, int overhead, int order, int first, int second, int cut)
    {
        int floats = overhead + first + second;
        table.Error[at] = Math.Max(0, cost - (price * floats));
        table.Floats[at] = floats;
        table.Order[at] = order;
        table.Prefix[at] = first;
        table.SecondPrefix[at] = second;
        table.Cut[at] = cut;
    }

    private void SearchTile(BoxClass boxClass, CutDictionary cuts, int[] shape, int[] boxes, float price, LeafTable table, double[] allowances)
    {
        int d = shape.Length;
        Span<float> current = stackalloc float[Lanes.Width];
        var samples = Gather(boxClass, shape, boxes, price, table, allowances, current);
        var orders = PrefixOrders.Get(shape, _grid.Channels);
        int profiles = orders.ProfileCount;
        var best = _straight is null ? Vector512.Create<float>(current) : Vector512.Create(float.MaxValue);
        var bestCut = Vector512.Create(-1f);
        Vector512<float> bestOrder = default, bestFirst = default, bestSecond = default;
        var first = new Region(profiles);
        var second = new Region(profiles);
        var overhead = Vector512.Create(Overhead(d) * price);
        for (int k = 0; k < cuts.Cuts.Length; k++)
        {
            var cut = cuts.Cuts[k];
            Search(samples, orders, cut.First, price, first);
            Search(samples, orders, cut.Second, price, second);
            for (int p = 0; p < profiles; p++)
            {
                var cost = first.Cost[p] + second.Cost[p] + overhead;
                var better = Vector512.LessThan(cost, best);
                if (better == Vector512<float>.Zero)
                    continue;
                best = Vector512.Min(cost, best);
                bestCut = Vector512.ConditionalSelect(better, Vector512.Create((float)k), bestCut);
                bestOrder = Vector512.ConditionalSelect(better, Vector512.Create((float)p), bestOrder);
                bestFirst = Vector512.ConditionalSelect(better, first.Length[p], bestFirst);
                bestSecond = Vector512.ConditionalSelect(better, second.Length[p], bestSecond);
            }
        }

        for (int lane = 0; lane < boxes.Length; lane++)
        {
            if (bestCut[lane] < 0)
                continue;
            int at = boxClass.Offset + boxes[lane];
            if (_straight is not null)
                (_straight.Order[at], _straight.Cut[at]) = ((int)bestOrder[lane], (int)bestCut[lane]);
            if (best[lane] < current[lane])
                Record(table, at, best[lane], price, Overhead(d), (int)bestOrder[lane], (int)bestFirst[lane], (int)bestSecond[lane], (int)bestCut[lane]);
        }
    }

    private float[] Gather(BoxClass boxClass, int[] shape, int[] boxes, float price, LeafTable table, double[] allowances, Span<float> current)
    {
        int channels = _grid.Channels, size = shape.Aggregate(1, (p, n) => p * n), d = shape.Length;
        var samples = LaneBuffers.Rent(0, size * channels);
        Span<int> position = stackalloc int[d], start = stackalloc int[d];
        current.Fill(-1);
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            // Idle lanes repeat the last box.
            int box = boxes[Math.Min(lane, boxes.Length - 1)];
            boxClass.Position(box, position);
            for (int a = 0; a < d; a++)
                start[a] = boxClass.Extent(a, position[a]).Start;
            for (int c = 0; c < channels; c++)
                _grid.Gather(c, start, shape, samples.AsSpan((c * size * Lanes.Width) + lane), Lanes.Width);
            if (lane < boxes.Length)
                current[lane] = (float)Math.Min(table.Cost(boxClass.Offset + box, price), allowances[boxClass.Offset + box]);
        }

        return samples;
    }

    private void Search(float[] samples, PrefixOrders orders, RegionBasis basis, float price, Region region)
    {
        int channels = orders.Channels, size = orders.CellSize;
        var energies = LaneBuffers.Rent(1, basis.Count * channels);
        Projection.Energies(samples, size, channels, basis, energies);
        var total = Vector512<float>.Zero;
        for (int c = 0; c < channels; c++)
        {
            foreach (int s in basis.Samples)
            {
                var v = Vector512.LoadUnsafe(ref samples[((c * size) + s) * Lanes.Width]);
                total += v * v;
            }
        }

        var columns = _orders.GetOrAdd((basis.Count, orders), static key => ColumnOrders(key.Orders, key.Columns));
        for (int p = 0; p < columns.Length; p++)
            Lanes.BestPrefix(ref energies[0], total, columns[p], price, out region.Cost[p], out region.Length[p]);
    }

    // The round orders as positions among the columns of a basis, up to the first term that has no column.
    private static int[][] ColumnOrders(PrefixOrders orders, int columns)
    {
        var rank = new int[orders.CellSize];
        Array.Fill(rank, int.MaxValue);
        for (int j = 0; j < orders.Spatial[0].Length; j++)
            rank[orders.Spatial[0][j]] = j;
        return [.. orders.Joint[..orders.ProfileCount].Select(order => order
            .Select(term => (Channel: term / orders.CellSize, Rank: rank[term % orders.CellSize]))
            .TakeWhile(t => t.Rank < columns)
            .Select(t => (t.Channel * columns) + t.Rank)
            .ToArray())];
    }

    private sealed class BestStraight
    {
        public BestStraight(int boxes)
        {
            Order = new int[boxes];
            Cut = new int[boxes];
            Array.Fill(Cut, -1);
        }

        public int[] Order { get; }

        public int[] Cut { get; }
    }

    private sealed class Region(int profiles)
    {
        public Vector512<float>[] Cost { get; } = new Vector512<float>[profiles];

        public Vector512<float>[] Length { get; } = new Vector512<float>[profiles];
    }
}
