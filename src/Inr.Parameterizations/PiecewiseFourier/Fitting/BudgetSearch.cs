namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Finds the partition and the terms with the least squared error under a budget of stored numbers.</summary>
/// <remarks>
/// The price λ of a number is found by bisection: first roughly with the round orders alone, then with the whole
/// dictionary and the cuts, last on the chosen leaves, whose prefixes absorb what is left of the budget.
/// </remarks>
internal sealed class BudgetSearch
{
    /// <summary>A second full search is worth its time when the first one missed the budget by more than this share.</summary>
    private const double Tolerance = 0.06;

    private const int MaxFullSearches = 3;

    private const int MaxRoughSearches = 12;

    /// <summary>How many orders the rough search tries.</summary>
    private const int RoughOrders = 4;

    /// <summary>Floats that the rough search spends where the whole search spends one.</summary>
    private const double RoughFloats = 1.15;

    /// <summary>d log(floats) / d log(λ), about: numbers get dearer as the easy energy is used up.</summary>
    private const double Elasticity = -0.6;

    /// <summary>The best order of the dictionary costs at least this share of the best round one, nearly always.</summary>
    private const double OrderGain = 0.7;

    private readonly SampledGrid _grid;
    private readonly PiecewiseSearchOptions _options;
    private readonly BoxLattice _lattice;
    private readonly TreeAllocator _allocator;
    private readonly OrderSearch _orders;
    private readonly CutSearch _cuts;
    private readonly CancellationToken _cancellation;
    private readonly ParallelOptions _parallel;

    public BudgetSearch(SampledGrid grid, PiecewiseSearchOptions options, CancellationToken cancellation)
    {
        _grid = grid;
        _options = options;
        _cancellation = cancellation;
        _lattice = new BoxLattice(grid.Shape, options.MinSide, options.MaxSide);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount };
        _allocator = new TreeAllocator(_lattice);
        _orders = new OrderSearch(grid, _lattice, options.SingleTerms, _parallel);
        _cuts = new CutSearch(grid, _lattice, options.MaxCutSide, _parallel, options.CurvedCuts);
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
        for (int round = 0; round < MaxFullSearches; round++)
        {
            table = FullSearch((float)price);
            long floats = _allocator.Solve(table, price).Floats;
            if (Math.Abs(floats - budget) <= Tolerance * budget || Math.Log(price) <= low + 1 || _cancellation.IsCancellationRequested)
                break;
            price = Math.Exp(Math.Clamp(Math.Log(price) + (Math.Log((double)budget / floats) / Elasticity), low, high));
        }

        // The tree stays that of the last price; the prefixes of its leaves take up the difference to the budget.
        var (tree, splits) = Build(table);
        if (Fewest(tree, splits) > budget)
            (tree, splits) = CheaperTree(price, high, budget);
        var leaves = tree.OfType<LeafFit>().ToArray();
        Bisect(low, high, p =>
        {
            Parallel.ForEach(leaves, _parallel, leaf => leaf.Choose(p, _options.SingleTerms));
            return leaves.Sum(l => (long)l.Floats) + splits.Count <= budget;
        });
        SpendRest(leaves, budget - splits.Count - leaves.Sum(l => l.Floats));
        return (tree, splits);
    }

    // The numbers that a tree takes with all its prefixes empty.
    private static long Fewest(List<LeafFit?> tree, List<int> splits) => splits.Count + tree.OfType<LeafFit>().Sum(l => (long)l.Overhead);

    // On a signal of few boxes the tree may jump past a small budget: the lowest price above whose tree fits it.
    private (List<LeafFit?> Tree, List<int> Splits) CheaperTree(double price, double high, int budget)
    {
        const double Step = 4;
        const int Refinements = 5;
        (List<LeafFit?> Tree, List<int> Splits) At(double p)
        {
            var table = FullSearch((float)p);
            _allocator.Solve(table, p);
            return Build(table);
        }

        double tooLow = price, enough = price;
        (List<LeafFit?> Tree, List<int> Splits) best;
        do
        {
            tooLow = enough;
            enough = Math.Min(enough * Step, Math.Exp(high));
            best = At(enough);
        }
        while (Fewest(best.Tree, best.Splits) > budget && enough < Math.Exp(high) && !_cancellation.IsCancellationRequested);

        for (int i = 0; i < Refinements && !_cancellation.IsCancellationRequested; i++)
        {
            double middle = Math.Sqrt(tooLow * enough);
            var candidate = At(middle);
            if (Fewest(candidate.Tree, candidate.Splits) <= budget)
                (best, enough) = (candidate, middle);
            else
                tooLow = middle;
        }

        return best;
    }

    // Prefixes jump from one good length to the next; what the jumps leave over goes where it gains most.
    private static void SpendRest(LeafFit[] leaves, int rest)
    {
        const int MaxSweeps = 8;
        for (int sweep = 0; sweep < MaxSweeps && rest > 0; sweep++)
        {
            int before = rest;
            foreach (var leaf in leaves.OrderByDescending(l => l.Regions.Max(r => r.BestExtension(before).Gain)))
            {
                rest -= leaf.Extend(rest);
                if (rest == 0)
                    return;
            }

            if (rest == before)
                return;
        }
    }

    // Square boxes and a few round orders: enough to know the price within some percent.
    private double RoughPrice(int budget, double low, double high)
    {
        var cubes = new bool[_lattice.BoxCount];
        foreach (var c in _lattice.Classes.Where(c => c.Levels.All(l => l == c.Levels[0])))
            cubes.AsSpan(c.Offset, c.Count).Fill(true);
        double target = budget * RoughFloats, x = Math.Log(Math.Exp(high) / (2.0 * _grid.Planes[0].Length));
        for (int i = 0; i < MaxRoughSearches; i++)
        {
            x = Math.Clamp(x, low, high);
            var table = new LeafTable(_lattice.BoxCount);
            _orders.Run((float)Math.Exp(x), RoughOrders, table, b => cubes[b]);
            long floats = _allocator.Solve(table, Math.Exp(x)).Floats;
            if (floats > target)
                low = x;
            else
                high = x;
            double step = Math.Log(target / floats) / Elasticity;
            if (Math.Abs(step) < 0.05 || high - low < 0.05 || _cancellation.IsCancellationRequested)
                return Math.Exp(x + step);
            x = x + step > low && x + step < high ? x + step : (low + high) / 2;
        }

        return Math.Exp(x);
    }

    // Each stage searches only the boxes that can still become part of the best tree.
    private LeafTable FullSearch(float price)
    {
        var table = new LeafTable(_lattice.BoxCount);
        int round = PrefixOrders.ProfilesFor(_grid.Channels);
        _orders.Run(price, _options.AdaptiveOrders ? RoughOrders : round, table);
        if (_options.AdaptiveOrders && !_cancellation.IsCancellationRequested)
        {
            _allocator.Solve(table, price);
            var allowances = _allocator.Allowances(price);
            _orders.Run(price, int.MaxValue, table, b => allowances[b] > OrderGain * table.Cost(b, price));
        }

        if (_options.Cuts && !_cancellation.IsCancellationRequested)
        {
            _allocator.Solve(table, price);
            _cuts.Improve(price, table, _allocator.Allowances(price));
        }

        return table;
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
        int order = table.Order[at];
        var orders = PrefixOrders.Get(shape, _grid.Channels);
        var values = _grid.Values(start, shape);
        bool curved = table.Curve.TryGetValue(at, out var arc);
        if (table.Cut[at] < 0 && !curved)
            return new LeafFit(start, shape, order, null, [RegionSolver.FullBox(orders, order, values)]);
        var cut = curved ? CutDictionary.Create(shape, arc!, CutDictionary.TermShare)! : CutDictionary.Get(shape).Cuts[table.Cut[at]];
        return new LeafFit(start, shape, order, cut.Parameters, [RegionSolver.Part(orders, order, cut.First, values), RegionSolver.Part(orders, order, cut.Second, values)]);
    }
}
