namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The budget search for samples that fill no grid: least squares in every box instead of orthonormal transforms.</summary>
/// <remarks>A box with enough samples may be cut: the cut that separates them best is picked beforehand, the price decides whether it pays.</remarks>
internal sealed class ScatteredSearch
{
    /// <summary>Terms per sample and channel, at most: more would ring between the samples.</summary>
    private const double TermShare = 0.3;

    /// <summary>The longest side of a box that may be cut: larger ones are cheaper to halve first.</summary>
    private const int MaxCutSide = 32;

    /// <summary>Channel profiles that are tried, all with the round order.</summary>
    private static readonly int[] Profiles = [0, 2, 4, 6];

    private readonly ScatteredSamples _samples;
    private readonly BoxLattice _lattice;
    private readonly TreeAllocator _allocator;
    private readonly double _ridge;
    private readonly int _channels;
    private readonly FitMonitor _monitor;
    private readonly LeafTable _table;
    private readonly bool _cuts;
    private readonly Box?[] _boxes;

    /// <param name="samples">The samples.</param>
    /// <param name="lattice">The boxes.</param>
    /// <param name="ridge">The weight of the smoothness penalty.</param>
    /// <param name="cuts">Whether boxes may be cut.</param>
    /// <param name="until">The share of the fit that is done once all boxes are prepared.</param>
    /// <param name="monitor">The threads and the token of the fit.</param>
    public ScatteredSearch(ScatteredSamples samples, BoxLattice lattice, double ridge, bool cuts, double until, FitMonitor monitor)
    {
        _cuts = cuts;
        _samples = samples;
        _lattice = lattice;
        _ridge = ridge;
        _monitor = monitor;
        _channels = samples.Planes.Length;
        _allocator = new TreeAllocator(lattice, monitor.Cancellation);
        _table = new LeafTable(lattice.BoxCount);
        _boxes = new Box?[lattice.BoxCount];
        // Boxes more oblong than 2:1 seldom pay without cuts to follow.
        BoxClass[] classes = [.. lattice.Classes.Where(c => c.Levels.Max() - c.Levels.Min() <= 1)];
        // Every class holds all samples once.
        monitor.Begin(until, (long)classes.Length * samples.Planes[0].Length);
        foreach (var c in classes)
            monitor.For(c.Count, b => _boxes[c.Offset + b] = Prepare(c, b));
    }

    /// <summary>Searches.</summary>
    /// <param name="budget">The numbers that codes, lengths and coefficients may take.</param>
    /// <param name="until">The share of the fit that is done afterwards.</param>
    public (List<LeafFit?> Tree, List<int> Splits) Run(int budget, double until)
    {
        const int Bisections = 40;
        _monitor.Begin(until, Bisections);
        double low = -40, high = Math.Log(1 + _samples.Planes.Sum(p => p.Sum(v => (double)v * v)));
        for (int i = 0; i < Bisections; i++)
        {
            _monitor.Advance();
            double middle = (low + high) / 2;
            if (Solve(Math.Exp(middle)) > budget)
                low = middle;
            else
                high = middle;
        }

        double price = Math.Exp(high);
        Solve(price);
        var tree = new List<LeafFit?>();
        var splits = new List<int>();
        _allocator.Walk(
            axis =>
            {
                tree.Add(null);
                splits.Add(axis);
            },
            (c, b) =>
            {
                var box = _boxes[_lattice.Classes[c].Offset + b]!;
                var leaf = new LeafFit(box.Start, box.Shape, Profile(box.Best), box.UsesCut ? box.Cut : null, box.UsesCut ? box.CutFits![box.Best] : [box.Fits[box.Best]]);
                leaf.Choose(price, false);
                tree.Add(leaf);
            });
        return (tree, splits);
    }

    /// <summary>The coefficients of a leaf.</summary>
    public (float[][] Coefficients, double Error) Solve(LeafFit leaf)
    {
        var orders = PrefixOrders.Get(leaf.Shape, _channels, _monitor.Cancellation);
        int[] inside = _samples.Inside(leaf.Start, leaf.Shape);
        if (leaf.Cut is null)
            return ([Cell(inside, leaf.Start, leaf.Shape, orders).Solve(leaf.Regions[0].Chosen, orders.CellSize, out double error)], error);
        // The stored cut is single precision: it decides which samples a region owns.
        var sides = Sides(inside, leaf.Start, leaf.Shape, [.. leaf.Cut.Select(x => (double)(float)x)]);
        var coefficients = new float[2][];
        double total = 0;
        for (int r = 0; r < 2; r++)
        {
            coefficients[r] = Cell(sides[r], leaf.Start, leaf.Shape, orders).Solve(leaf.Regions[r].Chosen, orders.CellSize, out double rest);
            total += rest;
        }

        return (coefficients, total);
    }

    private int Profile(int candidate) => _channels < 3 ? candidate : Profiles[candidate];

    private ScatteredCell Cell(int[] inside, int[] start, int[] shape, PrefixOrders orders) =>
        new(_samples, inside, start, shape, orders.Spatial[0], _ridge, TermShare, _monitor.Cancellation);

    private int[][] Sides(int[] inside, int[] start, int[] shape, double[] cut)
    {
        var surface = new CutSurface(cut, shape);
        var point = new double[start.Length];
        var behind = Array.ConvertAll(inside, i =>
        {
            for (int a = 0; a < point.Length; a++)
                point[a] = _samples.Positions[a][i] - start[a];
            return surface.Distance(point) >= 0;
        });
        return [[.. inside.Where((_, i) => !behind[i])], [.. inside.Where((_, i) => behind[i])]];
    }

    private Box Prepare(BoxClass boxClass, int box)
    {
        int d = _lattice.Domain.Length;
        var position = new int[d];
        boxClass.Position(box, position);
        int[] start = [.. position.Select((p, a) => boxClass.Extent(a, p).Start)];
        int[] shape = [.. position.Select((p, a) => boxClass.Extent(a, p).Side)];
        var orders = PrefixOrders.Get(shape, _channels, _monitor.Cancellation);
        int[] inside = _samples.Inside(start, shape);
        var cell = Cell(inside, start, shape, orders);
        int[] candidates = [.. Enumerable.Range(0, _channels < 3 ? orders.ProfileCount : Profiles.Length)];
        RegionFit[] fits = [.. candidates.Select(k => cell.Fit(orders, Profile(k)))];
        _monitor.Advance(inside.Length);
        if (!_cuts || shape.Max() > MaxCutSide || ScatteredCut.Find(_samples, inside, start, shape) is not { } cut)
            return new Box(start, shape, fits);
        var sides = Sides(inside, start, shape, [.. cut.Select(x => (double)(float)x)]);
        ScatteredCell[] cells = [.. sides.Select(s => Cell(s, start, shape, orders))];
        return new Box(start, shape, fits) { Cut = cut, CutFits = [.. candidates.Select(k => cells.Select(c => c.Fit(orders, Profile(k))).ToArray())] };
    }

    private long Solve(double price)
    {
        var table = _table;
        _monitor.For(_boxes.Length, i =>
        {
            if (_boxes[i] is not { } box)
                return;
            double best = double.PositiveInfinity;
            for (int k = 0; k < box.Fits.Length; k++)
            {
                double cost = box.Fits[k].Choose(price, false);
                if (cost < best)
                    (best, box.Best) = (cost, k);
            }

            box.UsesCut = false;
            table.Error[i] = (float)box.Fits[box.Best].Error;
            table.Floats[i] = OrderSearch.PlainOverhead + box.Fits[box.Best].Prefix;
            if (box.CutFits is null)
                return;
            int overhead = CutSearch.Overhead(_lattice.Domain.Length);
            best += price * OrderSearch.PlainOverhead;
            for (int k = 0; k < box.CutFits.Length; k++)
            {
                double cost = box.CutFits[k].Sum(r => r.Choose(price, false)) + (price * overhead);
                if (cost >= best)
                    continue;
                (best, box.Best, box.UsesCut) = (cost, k, true);
                table.Error[i] = (float)box.CutFits[k].Sum(r => r.Error);
                table.Floats[i] = overhead + box.CutFits[k].Sum(r => r.Prefix);
            }
        });
        return _allocator.Solve(table, price).Floats;
    }

    private sealed class Box(int[] start, int[] shape, RegionFit[] fits)
    {
        public int[] Start { get; } = start;

        public int[] Shape { get; } = shape;

        public RegionFit[] Fits { get; } = fits;

        public int Best { get; set; }

        /// <summary>The cut that separates the samples best, where there is one.</summary>
        public double[]? Cut { get; init; }

        /// <summary>For each candidate, the regions on the two sides of the cut.</summary>
        public RegionFit[][]? CutFits { get; init; }

        /// <summary>Whether the last price chose the cut.</summary>
        public bool UsesCut { get; set; }
    }
}
