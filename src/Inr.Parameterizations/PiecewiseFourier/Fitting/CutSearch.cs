using System.Collections.Concurrent;
using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Finds the boxes that are cheaper with a cut, and the best cut of each in the dictionary.</summary>
/// <remarks>
/// From coarse to fine: every second angle and offset of the dictionary first, then the cuts around the best few of a box. Both
/// regions and every channel profile are tried. The inner products are dense matrix products at close to the peak of the processor,
/// for 16 boxes that try the same cuts. Curved cuts start from the best straight one of all, whether that pays or not
/// (<see cref="ArcSearch"/>), and are solved exactly.
/// </remarks>
internal sealed class CutSearch
{
    /// <summary>A cut that lowers the cost of a box by more than the rest of this share is too rare to look for.</summary>
    private const double HopefulShare = 0.5;

    /// <summary>Coarse cuts of a box around which it looks closer.</summary>
    private const int Finalists = 8;

    /// <summary>A box whose best coarse cut costs more than this multiple of what it has is given up.</summary>
    private const float GiveUpAt = 2f;

    /// <summary>A coarse cut that costs more than this multiple of the best one is no finalist.</summary>
    private const float FinalistAt = 1.5f;

    /// <summary>The share of the time of the coarse cuts.</summary>
    private const double CoarseShare = 0.6;

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

        start = _monitor.Done;
        double end = _straight is null ? until : (start + until) / 2;
        _monitor.Begin(start + (CoarseShare * (end - start)), (long)cost);
        var near = new List<Candidate>[work.Count];
        _monitor.For(work.Count, i =>
        {
            near[i] = SearchTile(work[i], price, table, allowances);
            _monitor.Advance((long)(work[i].Count * Effort(work[i].Group)));
        });
        SearchCloser(near, price, table, allowances, end);
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

    // The coarse cuts of some boxes; those that are worth a closer look.
    private List<Candidate> SearchTile(BoxTile tile, float price, LeafTable table, double[] allowances)
    {
        Span<float> current = stackalloc float[Lanes.Width];
        var samples = Gather(tile, price, table, allowances, current);
        var cuts = _tables.Cuts(tile.Group.Shape);
        var trial = new Trial(this, _tables.Orders(tile.Group.Shape), cuts, samples, price);
        // The best cut, whether it pays or not, and the best costs of all.
        var found = new Found(Vector512.Create(float.MaxValue));
        var costs = new Vector512<float>[Finalists];
        var numbers = new Vector512<float>[Finalists];
        Array.Fill(costs, Vector512.Create(float.MaxValue));
        // An arc starts from the best straight cut, however much that costs: nothing says beforehand where it pays to look closer.
        int[] tried = _straight is null ? cuts.Coarse : [.. Enumerable.Range(0, cuts.Cuts.Length)];
        foreach (int k in tried)
        {
            _monitor.Poll();
            var (cost, number) = (trial.Run(k, ref found), Vector512.Create((float)k));
            for (int f = 0; f < Finalists; f++)
            {
                var better = Vector512.LessThan(cost, costs[f]);
                (costs[f], cost) = (Vector512.ConditionalSelect(better, cost, costs[f]), Vector512.ConditionalSelect(better, costs[f], cost));
                (numbers[f], number) = (Vector512.ConditionalSelect(better, number, numbers[f]), Vector512.ConditionalSelect(better, numbers[f], number));
            }
        }

        var near = new List<Candidate>();
        for (int lane = 0; lane < tile.Count; lane++)
        {
            var leaf = found.Of(lane);
            if (leaf.Cut < 0)
                continue;
            Take(tile.Group.Class.Offset + tile.Box(lane), leaf, current[lane], price, table);
            if (_straight is not null || costs[0][lane] > GiveUpAt * current[lane])
                continue;
            for (int f = 0; f < Finalists && costs[f][lane] <= FinalistAt * costs[0][lane]; f++)
                near.Add(new Candidate(tile.Group, tile.Box(lane), (int)numbers[f][lane]));
        }

        return near;
    }

    // Boxes of one shape that look around one coarse cut try the same cuts.
    private void SearchCloser(List<Candidate>[] near, float price, LeafTable table, double[] allowances, double until)
    {
        var work = new List<(BoxTile Boxes, int Coarse)>();
        foreach (var same in near.SelectMany(n => n).GroupBy(c => (c.Boxes.Class, c.Coarse)))
        {
            var group = same.First().Boxes.Only([.. same.Select(c => c.Box)]);
            work.AddRange(group.Tiles(Lanes.Width).Select(t => (t, same.Key.Coarse)));
        }

        // A box is in several tiles, and is replaced by one thread.
        var leaves = new CutLeaf[work.Count * Lanes.Width];
        _monitor.Begin(until, (long)work.Sum(w => w.Boxes.Count * Effort(w.Boxes.Group)));
        _monitor.For(work.Count, i =>
        {
            var (tile, coarse) = work[i];
            Span<float> current = stackalloc float[Lanes.Width];
            var samples = Gather(tile, price, table, allowances, current);
            var cuts = _tables.Cuts(tile.Group.Shape);
            var trial = new Trial(this, _tables.Orders(tile.Group.Shape), cuts, samples, price);
            var found = new Found(Vector512.Create<float>(current));
            foreach (int k in cuts.Around[coarse])
            {
                _monitor.Poll();
                trial.Run(k, ref found);
            }

            for (int lane = 0; lane < tile.Count; lane++)
                leaves[(i * Lanes.Width) + lane] = found.Of(lane);
            _monitor.Advance((long)(tile.Count * Effort(tile.Group)));
        });
        for (int i = 0; i < work.Count; i++)
        {
            var tile = work[i].Boxes;
            for (int lane = 0; lane < tile.Count; lane++)
            {
                int at = tile.Group.Class.Offset + tile.Box(lane);
                var leaf = leaves[(i * Lanes.Width) + lane];
                if (leaf.Cut >= 0)
                    Take(at, leaf, (float)Math.Min(table.Cost(at, price), allowances[at]), price, table);
            }
        }
    }

    private void Take(int at, CutLeaf leaf, float current, float price, LeafTable table)
    {
        if (_straight is not null)
            (_straight.Order[at], _straight.Cut[at]) = (leaf.Order, leaf.Cut);
        if (leaf.Cost < current)
            Record(table, at, leaf.Cost, price, Overhead(_lattice.Domain.Length) + leaf.Terms, leaf.Order, leaf.Cut);
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

    // A box with a coarse cut that it shall look around.
    private readonly record struct Candidate(BoxGroup Boxes, int Box, int Coarse);

    // The best leaf with a cut: its cost, its cut or −1, its order and the lengths of its prefixes together.
    private readonly record struct CutLeaf(float Cost, int Cut, int Order, int Terms);

    // The best cut so far of the boxes of a tile.
    private struct Found(Vector512<float> cost)
    {
        private Vector512<float> _cost = cost;
        private Vector512<float> _cut = Vector512.Create(-1f);
        private Vector512<float> _order;
        private Vector512<float> _terms;

        public readonly CutLeaf Of(int lane) => new(_cost[lane], (int)_cut[lane], (int)_order[lane], (int)_terms[lane]);

        public void Take(Vector512<float> cost, int cut, int order, Vector512<float> terms)
        {
            var better = Vector512.LessThan(cost, _cost);
            if (better == Vector512<float>.Zero)
                return;
            _cost = Lanes.Min(cost, _cost);
            _cut = Vector512.ConditionalSelect(better, Vector512.Create((float)cut), _cut);
            _order = Vector512.ConditionalSelect(better, Vector512.Create((float)order), _order);
            _terms = Vector512.ConditionalSelect(better, terms, _terms);
        }
    }

    // The boxes of a tile, ready to try cuts.
    private readonly struct Trial
    {
        private readonly CutSearch _search;
        private readonly PrefixOrders _orders;
        private readonly CutDictionary _cuts;
        private readonly float[] _samples;
        private readonly float[] _squares;
        private readonly float _price;
        private readonly Vector512<float>[] _first;
        private readonly Vector512<float>[] _firstTerms;

        public Trial(CutSearch search, PrefixOrders orders, CutDictionary cuts, float[] samples, float price)
        {
            (_search, _orders, _cuts, _samples, _price) = (search, orders, cuts, samples, price);
            (_first, _firstTerms) = (new Vector512<float>[orders.ProfileCount], new Vector512<float>[orders.ProfileCount]);
            int size = orders.CellSize * Lanes.Width;
            _squares = LaneBuffers.Rent(2, orders.CellSize);
            for (int i = 0; i < size; i += Lanes.Width)
            {
                var sum = Vector512<float>.Zero;
                for (int c = 0; c < orders.Channels; c++)
                {
                    var v = Vector512.LoadUnsafe(ref samples[(c * size) + i]);
                    sum += v * v;
                }

                sum.StoreUnsafe(ref _squares[i]);
            }
        }

        // The lowest cost of a cut over all profiles.
        public Vector512<float> Run(int cut, ref Found found)
        {
            var entry = _cuts.Cuts[cut];
            var best = Vector512.Create(float.MaxValue);
            var overhead = Vector512.Create(Overhead(_orders.Shape.Length) * _price);
            var (gains, total, columns) = Project(entry.First);
            for (int p = 0; p < columns.Length; p++)
                Lanes.BestPrefix(ref gains[0], total, columns[p], _price, out _first[p], out _firstTerms[p]);
            (gains, total, columns) = Project(entry.Second);
            for (int p = 0; p < columns.Length; p++)
            {
                Lanes.BestPrefix(ref gains[0], total, columns[p], _price, out var second, out var secondTerms);
                var cost = _first[p] + second + overhead;
                found.Take(cost, cut, p, _firstTerms[p] + secondTerms);
                best = Lanes.Min(cost, best);
            }

            return best;
        }

        private (float[] Gains, Vector512<float> Total, int[][] Columns) Project(RegionBasis basis)
        {
            var gains = LaneBuffers.Rent(1, basis.Count * _orders.Channels);
            Projection.Gains(_samples, _orders.CellSize, _orders.Channels, basis, _price, gains);
            var total = Vector512<float>.Zero;
            foreach (int s in basis.Samples)
                total += Vector512.LoadUnsafe(ref _squares[s * Lanes.Width]);
            return (gains, total, _search._orders.GetOrAdd((basis.Count, _orders), static key => ColumnOrders(key.Orders, key.Columns)));
        }
    }
}
