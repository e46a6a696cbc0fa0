namespace Inr.Piecewise;

/// <summary>Finds the partition and the terms with the least squared error under a budget of stored numbers.</summary>
/// <remarks>
/// The price λ of a number is found by bisection: first roughly with the round orders alone, then with the whole
/// dictionary and the cuts, last on the chosen leaves, whose prefixes absorb what is left of the budget.
/// </remarks>
internal sealed class BudgetSearch
{
    /// <summary>A second full search is worth its time when the first one missed the budget by more than this share.</summary>
    private const double Tolerance = 0.03;

    private const int MaxFullSearches = 3;

    private readonly SampledGrid _grid;
    private readonly PiecewiseSearchOptions _options;
    private readonly BoxLattice _lattice;
    private readonly TreeAllocator _allocator;
    private readonly CancellationToken _cancellation;
    private readonly ParallelOptions _parallel;

    public BudgetSearch(SampledGrid grid, PiecewiseSearchOptions options, CancellationToken cancellation)
    {
        _grid = grid;
        _options = options;
        _cancellation = cancellation;
        _lattice = new BoxLattice(grid.Shape, options.MinSide, options.MaxSide);
        _allocator = new TreeAllocator(_lattice);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount };
    }

    /// <summary>The fewest numbers that a partition with one coefficient per channel in each root takes.</summary>
    public int SmallestBudget => (OrderSearch.PlainOverhead * _lattice.Classes[_lattice.RootClass].Count) + _grid.Channels;

    /// <summary>Searches.</summary>
    /// <param name="budget">The numbers that codes, lengths, indices, cuts and coefficients may take.</param>
    /// <returns>The tree as codes in preorder with a <see cref="LeafFit"/> for each leaf.</returns>
    public (List<LeafFit?> Tree, List<int> Splits) Run(int budget)
    {
        double energy = _grid.Planes.Sum(p => p.Sum(v => (double)v * v));
        double low = Math.Log(Math.Max(energy, 1e-20) * 1e-15), high = Math.Log(Math.Max(energy, 1e-20) * 2);
        double price = RoughPrice(budget, low, high);

        LeafTable table = null!;
        double elasticity = -0.6;
        (double Price, double Floats)? before = null;
        for (int round = 0; round < MaxFullSearches; round++)
        {
            _cancellation.ThrowIfCancellationRequested();
            table = Search((float)price, int.MaxValue, _options.Cuts);
            var (floats, _) = _allocator.Solve(table, price);
            if (Math.Abs(floats - budget) <= Tolerance * budget || Math.Log(price) <= low + 1)
                break;
            if (before is { } b && Math.Abs(Math.Log(price / b.Price)) > 1e-3)
                elasticity = Math.Clamp(Math.Log(floats / b.Floats) / Math.Log(price / b.Price), -2, -0.2);
            before = (price, floats);
            price = Math.Exp(Math.Clamp(Math.Log(price) + (Math.Log((double)budget / floats) / elasticity), low, high));
        }

        // The table holds one leaf a box, so its prices can be varied for next to nothing.
        double final = Bisect(low, high, p => _allocator.Solve(table, p).Floats <= budget);
        _allocator.Solve(table, final);
        var (tree, splits) = Build(table);
        var leaves = tree.OfType<LeafFit>().ToArray();
        Bisect(low, high, p =>
        {
            Parallel.ForEach(leaves, _parallel, leaf => leaf.Choose(p, _options.SingleTerms));
            return leaves.Sum(l => (long)l.Floats) + splits.Count <= budget;
        });
        return (tree, splits);
    }

    private double RoughPrice(int budget, double low, double high)
    {
        const int RoughOrders = 4, Steps = 9;
        for (int i = 0; i < Steps; i++)
        {
            _cancellation.ThrowIfCancellationRequested();
            double middle = (low + high) / 2;
            var table = Search((float)Math.Exp(middle), RoughOrders, cuts: false);
            if (_allocator.Solve(table, Math.Exp(middle)).Floats > budget)
                low = middle;
            else
                high = middle;
        }

        return Math.Exp(high);
    }

    // The lowest price that still meets the budget; the last call of the predicate is at the price returned.
    private static double Bisect(double low, double high, Func<double, bool> fits)
    {
        if (fits(Math.Exp(low)))
            return Math.Exp(low);
        for (int i = 0; i < 45; i++)
        {
            double middle = (low + high) / 2;
            if (fits(Math.Exp(middle)))
                high = middle;
            else
                low = middle;
        }

        fits(Math.Exp(high));
        return Math.Exp(high);
    }

    private LeafTable Search(float price, int orders, bool cuts)
    {
        int limit = _options.AdaptiveOrders ? orders : Math.Min(orders, PrefixOrders.ProfilesFor(_grid.Channels));
        var table = new OrderSearch(_grid, _lattice, _options.SingleTerms, limit, _parallel).Run(price);
        if (cuts)
            new CutSearch(_grid, _lattice, _options.MaxCutSide, _parallel).Improve(price, table);
        return table;
    }

    private (List<LeafFit?> Tree, List<int> Splits) Build(LeafTable table)
    {
        var tree = new List<LeafFit?>();
        var splits = new List<int>();
        var pending = new List<(int Slot, int Class, int Box)>();
        _allocator.Walk(
            axis =>
            {
                tree.Add(null);
                splits.Add(axis);
            },
            (c, box) =>
            {
                pending.Add((tree.Count, c, box));
                tree.Add(null);
            });
        Parallel.ForEach(pending, _parallel, p => tree[p.Slot] = Fit(_lattice.Classes[p.Class], p.Box, table));
        return (tree, splits);
    }

    private LeafFit Fit(BoxClass boxClass, int box, LeafTable table)
    {
        int d = _grid.Shape.Length;
        var position = new int[d];
        var start = new int[d];
        var shape = new int[d];
        boxClass.Position(box, position);
        for (int a = 0; a < d; a++)
            (start[a], shape[a]) = boxClass.Extent(a, position[a]);
        int at = boxClass.Offset + box;
        var (_, order) = LeafCode.Decode(d, table.Code[at]);
        var orders = PrefixOrders.Get(shape, _grid.Channels);
        var values = _grid.Values(start, shape);
        if (table.Cut[at] < 0)
            return new LeafFit(start, shape, order, null, [RegionSolver.FullBox(orders, order, values)]);
        var cut = CutDictionary.Get(shape).Cuts[table.Cut[at]];
        return new LeafFit(start, shape, order, cut.Parameters, [RegionSolver.Part(orders, order, cut.First, values), RegionSolver.Part(orders, order, cut.Second, values)]);
    }
}
