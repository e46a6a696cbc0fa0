using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Finds, for every box of a lattice, the best leaf without a cut at a given price of a stored number.</summary>
/// <remarks>
/// The cosines of a box are orthonormal, so the error that a set of terms leaves is the energy of the others. A prefix of
/// length n costs <c>Σ_{j≥n} e_j + λ(2 + n)</c> (code, length, coefficients). With single extra terms at two numbers each
/// (index, coefficient) the terms outside the prefix cost <c>min(e_j, 2λ)</c> instead, plus one number for their count: the
/// same search on clipped energies.
/// </remarks>
internal sealed class OrderSearch
{
    /// <summary>Numbers of a plain leaf besides its coefficients: code and prefix length.</summary>
    public const int PlainOverhead = 2;

    /// <summary>Tiles that a thread takes at once: those of the smallest boxes last a microsecond.</summary>
    private const int TilesAtOnce = 8;

    private readonly SampledGrid _grid;
    private readonly BoxLattice _lattice;
    private readonly bool _extras;
    private readonly SearchTables _tables;
    private readonly FitMonitor _monitor;

    /// <param name="grid">The samples.</param>
    /// <param name="lattice">The boxes.</param>
    /// <param name="extras">Whether single terms outside the prefix may be kept.</param>
    /// <param name="tables">The orders of the fit.</param>
    /// <param name="monitor">The threads and the token of the fit.</param>
    public OrderSearch(SampledGrid grid, BoxLattice lattice, bool extras, SearchTables tables, FitMonitor monitor)
    {
        _grid = grid;
        _lattice = lattice;
        _extras = extras;
        _tables = tables;
        _monitor = monitor;
    }

    /// <summary>Searches boxes.</summary>
    /// <param name="price">λ: the squared error that one stored number must save.</param>
    /// <param name="orderLimit">How many orders of the dictionary to try.</param>
    /// <param name="table">Receives the best leaf of each box that was searched.</param>
    /// <param name="until">The share of the fit that is done afterwards.</param>
    /// <param name="classes">Which classes to search; all by default.</param>
    /// <param name="boxes">Which boxes of them, by their number in the lattice; all by default.</param>
    public void Run(float price, int orderLimit, LeafTable table, double until, Func<BoxClass, bool>? classes = null, Func<int, bool>? boxes = null)
    {
        var work = new List<BoxTile>();
        long samples = 0;
        foreach (var c in _lattice.Classes)
        {
            if (classes is not null && !classes(c))
                continue;
            foreach (var all in c.GroupByShape())
            {
                _monitor.Poll();
                var group = boxes is null ? all : all.Where(boxes);
                samples += (long)group.Count * group.Size;
                work.AddRange(group.Tiles(Lanes.Width));
            }
        }

        _monitor.Begin(until, samples);
        _monitor.For((work.Count + TilesAtOnce - 1) / TilesAtOnce, k =>
        {
            for (int i = k * TilesAtOnce; i < Math.Min(work.Count, (k + 1) * TilesAtOnce); i++)
            {
                SearchTile(work[i], price, orderLimit, table);
                _monitor.Advance((long)work[i].Count * work[i].Group.Size);
            }
        });
    }

    private void SearchTile(BoxTile tile, float price, int orderLimit, LeafTable table)
    {
        var orders = _tables.Orders(tile.Group.Shape);
        int terms = orders.CellSize * _grid.Channels;
        var energies = LaneBuffers.Rent(0, terms);
        TileEnergies(tile, energies);

        var plain = energies.AsSpan(0, terms * Lanes.Width);
        var gains = LaneBuffers.Rent(1, terms).AsSpan(0, terms * Lanes.Width);
        var total = Gains(plain, price, _extras ? 2 * price : float.MaxValue, gains);
        var best = Vector512.Create(float.MaxValue);
        var bestEnd = Vector512<float>.Zero;
        var bestOrder = Vector512<float>.Zero;
        int count = Math.Min(orders.Count, orderLimit);
        for (int o = 0; o < count; o += 2)
        {
            int other = Math.Min(o + 1, count - 1);
            Lanes.BestPrefixes(ref gains[0], total, orders.Joint[o], orders.Joint[other], price, out var first, out var second);
            Take(first, o);
            Take(second, other);
        }

        Span<double> totals = stackalloc double[Lanes.Width];
        Span<float> dear = stackalloc float[Lanes.Width];
        Sums(plain, 2 * price, totals, dear);
        for (int lane = 0; lane < tile.Count; lane++)
            Settle(orders.Joint[(int)bestOrder[lane]], plain, lane, (int)bestOrder[lane], (int)bestEnd[lane], totals[lane], (int)dear[lane], price, tile.Group.Class.Offset + tile.Box(lane), table);

        void Take((Vector512<float> Cost, Vector512<float> End) found, int order)
        {
            var better = Vector512.LessThan(found.Cost, best);
            best = Lanes.Min(found.Cost, best);
            bestEnd = Vector512.ConditionalSelect(better, found.End, bestEnd);
            bestOrder = Vector512.ConditionalSelect(better, Vector512.Create((float)order), bestOrder);
        }
    }

    // With the order chosen: the exact length, extras or none, and the exact count of numbers.
    private void Settle(int[] terms, ReadOnlySpan<float> energies, int lane, int order, int end, double total, int dear, float price, int box, LeafTable table)
    {
        float twice = 2 * price;
        double left = total, now = 0, best = double.PositiveInfinity;
        int length = 0, inside = 0, from = Math.Max(0, end - Lanes.PrefixBlock);
        // The search has found the block of the best length.
        for (int n = from; n < end; n++)
        {
            float e = energies[(terms[n] * Lanes.Width) + lane];
            now += price - (_extras ? Math.Min(e, twice) : e);
            if (now < best)
                (best, length) = (now, n + 1);
        }

        for (int n = 0; n < length; n++)
        {
            float e = energies[(terms[n] * Lanes.Width) + lane];
            left -= e;
            inside += e > twice ? 1 : 0;
        }

        // Single terms cost one number for their count. A prefix that takes the next of them in may do without it; no further
        // one is looked for once all were met.
        double error = left, plainError = left, plainCost = left + (price * length);
        int plainLength = length, extras = 0, wanted = _extras ? dear - inside : 0;
        for (int n = length; n < terms.Length && extras < wanted; n++)
        {
            float e = energies[(terms[n] * Lanes.Width) + lane];
            left -= e;
            if (left + (price * (n + 1)) < plainCost)
                (plainError, plainCost, plainLength) = (left, left + (price * (n + 1)), n + 1);
            if (e > twice)
            {
                extras++;
                error -= e;
            }
        }

        int floats = PlainOverhead + 1 + length + (2 * extras), plainFloats = PlainOverhead + plainLength;
        (error, plainError) = (Math.Max(0, error), Math.Max(0, plainError));
        bool single = extras > 0 && error + (price * floats) < plainError + (price * plainFloats);
        table.Error[box] = (float)(single ? error : plainError);
        table.Floats[box] = single ? floats : plainFloats;
        table.Order[box] = (ushort)order;
    }

    // What each term gains, and the sum of the energies: those above a limit count as the limit.
    private static Vector512<float> Gains(ReadOnlySpan<float> energies, float price, float limit, Span<float> gains)
    {
        var (total, most, lambda) = (Vector512<float>.Zero, Vector512.Create(limit), Vector512.Create(price));
        ref float e = ref MemoryMarshal.GetReference(energies);
        ref float g = ref MemoryMarshal.GetReference(gains);
        for (nuint i = 0; i < (nuint)energies.Length; i += Lanes.Width)
        {
            var v = Lanes.Min(Vector512.LoadUnsafe(ref e, i), most);
            total += v;
            (v - lambda).StoreUnsafe(ref g, i);
        }

        return total;
    }

    private void TileEnergies(BoxTile tile, float[] energies)
    {
        var (boxClass, shape, size) = (tile.Group.Class, tile.Group.Shape, tile.Group.Size);
        int d = shape.Length;
        Span<int> position = stackalloc int[d], start = stackalloc int[d];
        var scratch = LaneBuffers.Rent(1, size);
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            boxClass.Position(tile.Box(lane), position);
            for (int a = 0; a < d; a++)
                start[a] = boxClass.Extent(a, position[a]).Start;
            for (int c = 0; c < _grid.Channels; c++)
                _grid.Gather(c, start, shape, energies.AsSpan((c * size * Lanes.Width) + lane), Lanes.Width);
        }

        for (int c = 0; c < _grid.Channels; c++)
            Lanes.Transform(shape, energies.AsSpan(c * size * Lanes.Width, size * Lanes.Width), scratch);
        ref float e = ref energies[0];
        nuint length = (nuint)(size * _grid.Channels * Lanes.Width);
        for (nuint i = 0; i < length; i += Lanes.Width)
        {
            var v = Vector512.LoadUnsafe(ref e, i);
            (v * v).StoreUnsafe(ref e, i);
        }
    }

    // For each lane the sum of its energies in double precision, in their order, and how many are above a limit.
    private static void Sums(ReadOnlySpan<float> energies, float limit, Span<double> totals, Span<float> above)
    {
        Vector512<double> low = default, high = default;
        var limits = Vector512.Create(limit);
        var count = Vector512<float>.Zero;
        ref float e = ref MemoryMarshal.GetReference(energies);
        for (int i = 0; i < energies.Length; i += Lanes.Width)
        {
            var v = Vector512.LoadUnsafe(ref e, (nuint)i);
            var (first, second) = Vector512.Widen(v);
            low += first;
            high += second;
            count += Vector512.ConditionalSelect(Vector512.GreaterThan(v, limits), Vector512<float>.One, Vector512<float>.Zero);
        }

        low.CopyTo(totals);
        high.CopyTo(totals[(Lanes.Width / 2)..]);
        count.CopyTo(above);
    }
}
