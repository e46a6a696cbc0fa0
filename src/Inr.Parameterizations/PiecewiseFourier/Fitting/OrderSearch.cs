using System.Runtime.CompilerServices;
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

    private readonly SampledGrid _grid;
    private readonly BoxLattice _lattice;
    private readonly bool _extras;
    private readonly ParallelOptions _parallel;

    public OrderSearch(SampledGrid grid, BoxLattice lattice, bool extras, ParallelOptions parallel)
    {
        _grid = grid;
        _lattice = lattice;
        _extras = extras;
        _parallel = parallel;
    }

    /// <summary>Searches boxes.</summary>
    /// <param name="price">λ: the squared error that one stored number must save.</param>
    /// <param name="orderLimit">How many orders of the dictionary to try.</param>
    /// <param name="table">Receives the best leaf of each box that was searched.</param>
    /// <param name="includes">Which boxes to search, by their number in the lattice; all by default.</param>
    public void Run(float price, int orderLimit, LeafTable table, Func<int, bool>? includes = null)
    {
        var work = new List<(BoxClass Class, int[] Shape, int[] Boxes, int First)>();
        foreach (var c in _lattice.Classes)
        {
            foreach (var (shape, all) in c.GroupByShape())
            {
                var boxes = includes is null ? all : Array.FindAll(all, b => includes(c.Offset + b));
                for (int first = 0; first < boxes.Length; first += Lanes.Width)
                    work.Add((c, shape, boxes, first));
            }
        }

        if (work.Count == 0)
            return;
        Parallel.ForEach(
            System.Collections.Concurrent.Partitioner.Create(0, work.Count, 4),
            _parallel,
            range =>
            {
                for (int i = range.Item1; i < range.Item2; i++)
                {
                    var w = work[i];
                    SearchTile(w.Class, w.Shape, w.Boxes.AsSpan(w.First, Math.Min(Lanes.Width, w.Boxes.Length - w.First)), price, orderLimit, table);
                }
            });
    }

    private void SearchTile(BoxClass boxClass, int[] shape, ReadOnlySpan<int> boxes, float price, int orderLimit, LeafTable table)
    {
        var orders = PrefixOrders.Get(shape, _grid.Channels);
        int size = orders.CellSize, terms = size * _grid.Channels;
        var energies = LaneBuffers.Rent(0, terms);
        TileEnergies(boxClass, shape, boxes, energies);

        var plain = energies.AsSpan(0, terms * Lanes.Width);
        var searched = plain;
        if (_extras)
        {
            searched = LaneBuffers.Rent(1, terms).AsSpan(0, terms * Lanes.Width);
            var limit = Vector512.Create(2 * price);
            for (int i = 0; i < searched.Length; i += Lanes.Width)
                Vector512.Min(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(plain), (nuint)i), limit).StoreUnsafe(ref searched[i]);
        }

        var total = Sum(searched);
        var best = Vector512.Create(float.MaxValue);
        var bestLength = Vector512<float>.Zero;
        var bestOrder = Vector512<float>.Zero;
        int count = Math.Min(orders.Count, orderLimit);
        for (int o = 0; o < count; o++)
        {
            Lanes.BestPrefix(ref searched[0], total, orders.Joint[o], price, out var cost, out var length);
            var better = Vector512.LessThan(cost, best);
            best = Vector512.Min(cost, best);
            bestLength = Vector512.ConditionalSelect(better, length, bestLength);
            bestOrder = Vector512.ConditionalSelect(better, Vector512.Create((float)o), bestOrder);
        }

        for (int lane = 0; lane < boxes.Length; lane++)
            Settle(orders, plain, lane, (int)bestOrder[lane], (int)bestLength[lane], price, boxClass.Offset + boxes[lane], table);
    }

    // With the order chosen: extras or none, and the exact count of numbers.
    private void Settle(PrefixOrders orders, ReadOnlySpan<float> energies, int lane, int order, int extrasLength, float price, int box, LeafTable table)
    {
        double tail = 0;
        var terms = orders.Joint[order];
        int inside = terms.Length;
        for (int i = 0; i < energies.Length; i += Lanes.Width)
            tail += energies[i + lane];
        double plainCost = tail, left = tail;
        int plainLength = 0;
        for (int n = 1; n <= inside && left > price; n++)
        {
            left -= energies[(terms[n - 1] * Lanes.Width) + lane];
            if (left + (price * n) < plainCost)
                (plainCost, plainLength) = (left + (price * n), n);
        }

        double plainError = Math.Max(0, plainCost - (price * plainLength));
        int plainFloats = PlainOverhead + plainLength;
        table.Error[box] = (float)plainError;
        table.Floats[box] = plainFloats;
        table.Order[box] = order;
        table.Prefix[box] = plainLength;
        if (!_extras)
            return;

        double error = tail;
        for (int n = 0; n < extrasLength; n++)
            error -= energies[(terms[n] * Lanes.Width) + lane];
        int extras = 0;
        for (int n = extrasLength; n < inside; n++)
        {
            float e = energies[(terms[n] * Lanes.Width) + lane];
            if (e > 2 * price)
            {
                extras++;
                error -= e;
            }
        }

        error = Math.Max(0, error);
        int floats = PlainOverhead + 1 + extrasLength + (2 * extras);
        if (extras == 0 || error + (price * floats) >= plainError + (price * plainFloats))
            return;
        table.Error[box] = (float)error;
        table.Floats[box] = floats;
        table.Prefix[box] = extrasLength;
    }

    private void TileEnergies(BoxClass boxClass, int[] shape, ReadOnlySpan<int> boxes, float[] energies)
    {
        int size = shape.Aggregate(1, (p, n) => p * n), d = shape.Length;
        Span<int> position = stackalloc int[d], start = stackalloc int[d];
        var scratch = LaneBuffers.Rent(1, size);
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            // Idle lanes repeat the last box.
            boxClass.Position(boxes[Math.Min(lane, boxes.Length - 1)], position);
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

    private static Vector512<float> Sum(Span<float> data)
    {
        var sum = Vector512<float>.Zero;
        ref float e = ref data[0];
        for (int i = 0; i < data.Length; i += Lanes.Width)
            sum += Vector512.LoadUnsafe(ref e, (nuint)i);
        return sum;
    }
}
