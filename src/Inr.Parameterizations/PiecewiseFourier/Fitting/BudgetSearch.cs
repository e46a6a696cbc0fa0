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

    /// <summary>Prices that the choice of prefixes tries, at most.</summary>
    private const int Choices = 45;

    /// <summary>The share of the budget that the choice of prefixes may leave.</summary>
    private const double RestShare = 5e-4;

    /// <summary>How far log λ goes at first, where the choice of prefixes looks for a price on the other side of the budget.</summary>
    private const double FirstStep = 0.02;

    /// <summary>The share of the search that goes into the rough price.</summary>
    private const double RoughShare = 0.25;

    /// <summary>The share of the search that goes into the choice of prefixes for the leaves.</summary>
    private const double ChoiceShare = 0.15;

    private readonly SampledGrid _grid;
    private readonly PiecewiseSearchOptions _options;
    private readonly BoxLattice _lattice;
    private readonly TreeAllocator _allocator;
    private readonly LeafTable _table;
    private readonly OrderSearch _orders;
    private readonly CutSearch _cuts;
    private readonly SearchTables _tables;
    private readonly FitMonitor _monitor;
    private readonly double _share;

    /// <param name="grid">The samples.</param>
    /// <param name="lattice">The boxes.</param>
    /// <param name="options">What the search may use.</param>
    /// <param name="share">The share of the fit that the search is.</param>
    /// <param name="monitor">The threads and the token of the fit.</param>
    public BudgetSearch(SampledGrid grid, BoxLattice lattice, PiecewiseSearchOptions options, double share, FitMonitor monitor)
    {
        _grid = grid;
        _options = options;
        _monitor = monitor;
        _share = share;
        _lattice = lattice;
        _allocator = new TreeAllocator(_lattice, monitor.Cancellation);
        _table = new LeafTable(_lattice.BoxCount);
        _tables = new SearchTables(grid.Channels, monitor);
        _orders = new OrderSearch(grid, _lattice, options.SingleTerms, _tables, monitor);
        _cuts = new CutSearch(grid, _lattice, options.MaxCutSide, options.CurvedCuts, _tables, monitor);
    }

    /// <summary>The last tree without cuts that was found: what a search that is ended early has to show.</summary>
    public DraftTree? Draft { get; private set; }

    /// <summary>Searches.</summary>
    /// <param name="budget">The numbers that codes, lengths, indices, cuts and coefficients may take.</param>
    /// <returns>The tree as codes in preorder with a <see cref="LeafFit"/> for each leaf.</returns>
    public (List<LeafFit?> Tree, List<int> Splits) Run(int budget)
    {
        double energy = _grid.Energy;
        double low = Math.Log(Math.Max(energy, 1e-20) * 1e-15), high = Math.Log(Math.Max(energy, 1e-20) * 2);
        double price = RoughPrice(budget, low, high);
        for (int round = 0; round < MaxFullSearches; round++)
        {
            FullSearch((float)price, Within(1 - ChoiceShare, round));
            long floats = Allocate(price);
            if (Math.Abs(floats - budget) <= Tolerance * budget || Math.Log(price) <= low + 1)
                break;
            price = Math.Exp(Math.Clamp(Math.Log(price) + (Math.Log((double)budget / floats) / Elasticity), low, high));
        }

        // The tree stays that of the last price; the prefixes of its leaves take up the difference to the budget.
        var (tree, splits) = Build();
        if (Fewest(tree, splits) > budget)
            (tree, splits) = CheaperTree(price, high, budget);
        var leaves = tree.OfType<LeafFit>().ToArray();
        _monitor.Begin(_share, Choices);
        MeetBudget(Math.Log(price), low, high, budget, p =>
        {
            _monitor.For(leaves.Length, i => leaves[i].Choose(p, _options.SingleTerms));
            _monitor.Advance();
            return leaves.Sum(l => (long)l.Floats) + splits.Count;
        });
        SpendRest(leaves, budget - splits.Count - leaves.Sum(l => l.Floats));
        return (tree, splits);
    }

    // A share of the search, as one of the fit; each further round takes half of what is left of it.
    private double Within(double share, int round)
    {
        double from = RoughShare, until = share;
        return _share * (until - ((until - from) * Math.Pow(0.5, round + 1)));
    }

    // The numbers that a tree takes with all its prefixes empty.
    private static long Fewest(List<LeafFit?> tree, List<int> splits) => splits.Count + tree.OfType<LeafFit>().Sum(l => (long)l.Overhead);

    // On a signal of few boxes the tree may jump past a small budget: the lowest price above whose tree fits it.
    private (List<LeafFit?> Tree, List<int> Splits) CheaperTree(double price, double high, int budget)
    {
        const double Step = 4;
        const int Refinements = 5;
        double done = _share * (1 - ChoiceShare);
        (List<LeafFit?> Tree, List<int> Splits) At(double p)
        {
            FullSearch((float)p, done);
            _allocator.Solve(_table, p);
            return Build();
        }

        double tooLow = price, enough = price;
        (List<LeafFit?> Tree, List<int> Splits) best;
        do
        {
            tooLow = enough;
            enough = Math.Min(enough * Step, Math.Exp(high));
            best = At(enough);
        }
        while (Fewest(best.Tree, best.Splits) > budget && enough < Math.Exp(high));

        for (int i = 0; i < Refinements; i++)
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
    private void SpendRest(LeafFit[] leaves, int rest)
    {
        const int MaxSweeps = 8;
        for (int sweep = 0; sweep < MaxSweeps && rest > 0; sweep++)
        {
            _monitor.Poll();
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
        double target = budget * RoughFloats, x = Math.Log(Math.Exp(high) / (2.0 * _grid.Planes[0].Length));
        _table.Clear();
        for (int i = 0; i < MaxRoughSearches; i++)
        {
            x = Math.Clamp(x, low, high);
            double until = _share * RoughShare * (1 - Math.Pow(0.5, i + 1));
            _orders.Run((float)Math.Exp(x), RoughOrders, _table, until, c => c.Levels.All(l => l == c.Levels[0]));
            long floats = Allocate(Math.Exp(x));
            if (floats > target)
                low = x;
            else
                high = x;
            double step = Math.Log(target / floats) / Elasticity;
            if (Math.Abs(step) < 0.05 || high - low < 0.05)
                return Math.Exp(x + step);
            x = x + step > low && x + step < high ? x + step : (low + high) / 2;
        }

        return Math.Exp(x);
    }

    // Each stage searches only the boxes that can still become part of the best tree.
    private void FullSearch(float price, double until)
    {
        _table.Clear();
        int round = PrefixOrders.ProfilesFor(_grid.Channels);
        double from = _monitor.Done, part = (until - from) / 3;
        _orders.Run(price, _options.AdaptiveOrders ? RoughOrders : round, _table, from + part);
        if (_options.AdaptiveOrders)
        {
            _allocator.Solve(_table, price);
            var allowances = _allocator.Allowances(price);
            _orders.Run(price, int.MaxValue, _table, from + (2 * part), boxes: b => allowances[b] > OrderGain * _table.Cost(b, price));
        }

        if (_options.Cuts)
        {
            Allocate(price);
            _cuts.Improve(price, _table, _allocator.Allowances(price), until);
        }
    }

    // The best tree of the table, told to the caller, and kept as what there is to show where it has no cuts.
    private long Allocate(double price)
    {
        var (floats, error) = _allocator.Solve(_table, price);
        _monitor.Loss = Math.Max(0, error) / ((double)_grid.Planes[0].Length * _grid.Channels);
        if (DraftTree.Of(_lattice, _allocator, _table) is { } draft)
            Draft = draft;
        return floats;
    }

    // A price close to a known one that meets the budget and leaves little of it; the last call is at that price. Numbers fall with
    // the price in jumps, about as fast as a power of it: where the power misses, the middle is tried.
    private static void MeetBudget(double from, double low, double high, int budget, Func<double, long> floats)
    {
        double x = from, step = FirstStep, last = double.NaN, rest = budget * RestShare;
        (double Price, long Floats)? below = null, above = null;
        for (int i = 0; i < Choices; i++)
        {
            long now = floats(Math.Exp(last = x));
            if (now <= budget)
                above = (x, now);
            else
                below = (x, now);
            if (now <= budget && (budget - now <= rest || x <= low))
                return;
            if (below is { } b && above is { } a)
            {
                double share = Math.Log((double)b.Floats / budget) / Math.Log((double)b.Floats / Math.Max(1, a.Floats));
                x = b.Price + ((a.Price - b.Price) * (i % 3 == 2 ? 0.5 : Math.Clamp(share, 0.02, 0.98)));
            }
            else
            {
                x = Math.Clamp(now <= budget ? x - step : x + step, low, high);
                step *= 4;
            }
        }

        if (above is { } enough && enough.Price != last)
            floats(Math.Exp(enough.Price));
    }

    private (List<LeafFit?> Tree, List<int> Splits) Build()
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
        _monitor.For(pending.Count, i => tree[pending[i].Slot] = Fit(_lattice.Classes[pending[i].Class], pending[i].Box));
        return (tree, splits);
    }

    private LeafFit Fit(BoxClass boxClass, int box)
    {
        int d = _grid.Shape.Length;
        var position = new int[d];
        var start = new int[d];
        var shape = new int[d];
        boxClass.Position(box, position);
        for (int a = 0; a < d; a++)
            (start[a], shape[a]) = boxClass.Extent(a, position[a]);
        int at = boxClass.Offset + box;
        int order = _table.Order[at];
        var orders = _tables.Orders(shape);
        var values = _grid.Values(start, shape);
        bool curved = _table.Curve.TryGetValue(at, out var arc);
        if (_table.Cut[at] < 0 && !curved)
            return new LeafFit(start, shape, order, null, [RegionSolver.FullBox(orders, order, values)]);
        var cut = curved ? CutDictionary.Create(shape, arc!, CutDictionary.TermShare, _monitor.Cancellation)! : _tables.Cuts(shape).Cuts[_table.Cut[at]];
        return new LeafFit(start, shape, order, cut.Parameters, [RegionSolver.Part(orders, order, cut.First, values), RegionSolver.Part(orders, order, cut.Second, values)]);
    }
}
