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

    /// <summary>The share of the time that goes into dictionaries, where they are not at hand.</summary>
    private const double DictionaryShare = 0.2;

    /// <summary>Terms per sample that a curved region may spend on one channel while it is searched: its bases serve one box.</summary>
    private const double CurveTermShare = 0.3;

    private readonly SampledGrid _grid;
    private readonly BoxLattice _lattice;
    private readonly int _maxSide;
    private readonly SearchTables _tables;
    private readonly FitMonitor _monitor;
    // The best straight cut of every box that was searched, whether it pays or not: where a bend starts from.
    private readonly BestStraight? _straight;
    private readonly ConcurrentDictionary<(int Columns, PrefixOrders Orders), int[][]> _orders = new();

    /// <param name="grid">The samples.</param>
    /// <param name="lattice">The boxes.</param>
    /// <param name="maxSide">The largest side of a box that is cut.</param>
    /// <param name="curved">Whether to bend the best straight cuts too.</param>
    /// <param name="tables">The orders and the cuts of the fit.</param>
    /// <param name="monitor">The threads and the token of the fit.</param>
    public CutSearch(SampledGrid grid, BoxLattice lattice, int maxSide, bool curved, SearchTables tables, FitMonitor monitor)
    {
        _straight = curved ? new BestStraight(lattice.BoxCount) : null;
        _grid = grid;
        _lattice = lattice;
        _maxSide = maxSide;
        _tables = tables;
        _monitor = monitor;
    }

    /// <summary>Numbers of a cut leaf besides its coefficients: code, d for the cut, two prefix lengths.</summary>
    public static int Overhead(int dimension) => 3 + dimension;

    /// <summary>Replaces leaves of the table by cut leaves where those cost less.</summary>
    /// <param name="price">λ.</param>
    /// <param name="table">The best leaves without a cut.</param>
    /// <param name="allowances">For each box, the cost that a leaf must stay below to matter (<see cref="TreeAllocator.Allowances"/>).</param>
    /// <param name="until">The share of the fit that is done afterwards.</param>
    public void Improve(float price, LeafTable table, double[] allowances, double until)
    {
        int d = _lattice.Domain.Length;
        // Smaller boxes have too few samples for two regions; larger ones are better halved first.
        const int MinSide = 4, LargestVolume = 8, LineFactor = 8;
        int maxSide = d switch { 1 => _maxSide * LineFactor, 2 => _maxSide, _ => Math.Min(_maxSide, LargestVolume) };
        int least = Overhead(d) + 2;
        var work = new List<BoxTile>();
        double cost = 0;
        foreach (var c in _lattice.Classes)
        {
            if (c.Sides.Any(s => s < MinSide || s > maxSide))
                continue;
            // Boxes that the far edge clips keep no dictionary of their own.
            foreach (var group in c.GroupByShape().Where(g => g.Shape.SequenceEqual(c.Sides)))
            {
                _monitor.Poll();
                var hopeful = group.Where(b => allowances[b] > Math.Max(least * price, HopefulShare * table.Cost(b, price)));
                work.AddRange(hopeful.Tiles(Lanes.Width));
                cost += hopeful.Count * Effort(group);
            }
        }

        // The dictionaries of the usual shapes take seconds where the process has not made them yet.
        var shapes = work.Select(t => t.Group.Shape).DistinctBy(s => BoxShape.Of(s)).ToArray();
        double start = _monitor.Done;
        _monitor.Begin(start + (DictionaryShare * (until - start)), shapes.Length);
        foreach (int[] shape in shapes)
        {
            _ = _tables.Cuts(shape);
            _monitor.Advance();
        }

        _monitor.Begin(_straight is null ? until : (start + until) / 2, (long)cost);
        _monitor.For(work.Count, i =>
        {
            SearchTile(work[i], price, table, allowances);
            _monitor.Advance((long)(work[i].Count * Effort(work[i].Group)));
        });
        if (_straight is not null)
            Bend(price, table, allowances, work, until);
    }

    // A projection on every column of every cut: the square of the samples.
    private static double Effort(BoxGroup group) => (double)group.Size * group.Size;

    // Every box that was searched, whether its straight cut pays or not.
    private void Bend(float price, LeafTable table, double[] allowances, List<BoxTile> searched, double until)
    {
        var work = searched
            .Where(t => t.Group.Shape.Length > 1 && t.Group.Shape.Max() >= ArcSearch.MinLongestSide)
            .SelectMany(t => Enumerable.Range(0, t.Count).Select(i => (t.Group, Box: t.Box(i))))
            .Where(w => _straight!.Cut[w.Group.Class.Offset + w.Box] >= 0)
            .ToArray();
        _monitor.Stage(until, work.Length, i => Bend(work[i].Group, work[i].Box, price, table, allowances));
    }

    private void Bend(BoxGroup group, int box, float price, LeafTable table, double[] allowances)
    {
        var (boxClass, shape) = (group.Class, group.Shape);
        int d = shape.Length, at = boxClass.Offset + box;
        var position = new int[d];
        boxClass.Position(box, position);
        int[] start = [.. position.Select((p, a) => boxClass.Extent(a, p).Start)];
        var values = _grid.Values(start, shape);
        if (new ArcSearch(shape, values, _monitor.Cancellation).Bend(_tables.Cuts(shape).Cuts[_straight!.Cut[at]].Parameters) is not { } arc
            || CutDictionary.Create(shape, arc, CurveTermShare, _monitor.Cancellation) is not { } entry)
            return;
        var orders = _tables.Orders(shape);
        int order = _straight.Order[at], overhead = Overhead(d) + 1;
        var first = RegionSolver.Part(orders, order, entry.First, values);
        var second = RegionSolver.Part(orders, order, entry.Second, values);
        double cost = first.Choose(price, false) + second.Choose(price, false) + (overhead * price);
        if (cost >= Math.Min(table.Cost(at, price), allowances[at]))
            return;
        Record(table, at, (float)cost, price, overhead + first.Prefix + second.Prefix, order, -1);
        table.Curve[at] = entry.Parameters;
    }

    private static void Record(LeafTable table, int at, float cost, float price, int floats, int order, int cut)
    {
        table.Error[at] = Math.Max(0, cost - (price * floats));
        table.Floats[at] = floats;
        table.Order[at] = (ushort)order;
        table.Cut[at] = (short)cut;
    }

    private void SearchTile(BoxTile tile, float price, LeafTable table, double[] allowances)
    {
        int[] shape = tile.Group.Shape;
        int d = shape.Length;
        Span<float> current = stackalloc float[Lanes.Width];
        var samples = Gather(tile, price, table, allowances, current);
        var cuts = _tables.Cuts(shape);
        var orders = _tables.Orders(shape);
        int profiles = orders.ProfileCount;
        var best = _straight is null ? Vector512.Create<float>(current) : Vector512.Create(float.MaxValue);
        var bestCut = Vector512.Create(-1f);
        Vector512<float> bestOrder = default, bestFirst = default, bestSecond = default;
        var first = new Region(profiles);
        var second = new Region(profiles);
        var overhead = Vector512.Create(Overhead(d) * price);
        for (int k = 0; k < cuts.Cuts.Length; k++)
        {
            _monitor.Poll();
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

        for (int lane = 0; lane < tile.Count; lane++)
        {
            if (bestCut[lane] < 0)
                continue;
            int at = tile.Group.Class.Offset + tile.Box(lane);
            if (_straight is not null)
                (_straight.Order[at], _straight.Cut[at]) = ((int)bestOrder[lane], (int)bestCut[lane]);
            if (best[lane] < current[lane])
                Record(table, at, best[lane], price, Overhead(d) + (int)bestFirst[lane] + (int)bestSecond[lane], (int)bestOrder[lane], (int)bestCut[lane]);
        }
    }

    private float[] Gather(BoxTile tile, float price, LeafTable table, double[] allowances, Span<float> current)
    {
        var (boxClass, shape) = (tile.Group.Class, tile.Group.Shape);
        int channels = _grid.Channels, size = tile.Group.Size, d = shape.Length;
        var samples = LaneBuffers.Rent(0, size * channels);
        Span<int> position = stackalloc int[d], start = stackalloc int[d];
        current.Fill(-1);
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            int box = tile.Box(lane);
            boxClass.Position(box, position);
            for (int a = 0; a < d; a++)
                start[a] = boxClass.Extent(a, position[a]).Start;
            for (int c = 0; c < channels; c++)
                _grid.Gather(c, start, shape, samples.AsSpan((c * size * Lanes.Width) + lane), Lanes.Width);
            if (lane < tile.Count)
                current[lane] = (float)Math.Min(table.Cost(boxClass.Offset + box, price), allowances[boxClass.Offset + box]);
        }

        return samples;
    }

    private void Search(float[] samples, PrefixOrders orders, RegionBasis basis, float price, Region region)
    {
        int channels = orders.Channels, size = orders.CellSize;
        var gains = LaneBuffers.Rent(1, basis.Count * channels);
        Projection.Gains(samples, size, channels, basis, price, gains);
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
            Lanes.BestPrefix(ref gains[0], total, columns[p], price, out region.Cost[p], out region.Length[p]);
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
