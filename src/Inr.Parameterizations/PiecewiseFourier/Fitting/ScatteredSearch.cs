namespace Inr.Piecewise;

/// <summary>The budget search for samples that fill no grid: least squares in every box instead of orthonormal transforms, no cuts.</summary>
internal sealed class ScatteredSearch
{
    /// <summary>Terms per sample and channel, at most: more would ring between the samples.</summary>
    private const double TermShare = 0.3;

    /// <summary>Channel profiles that are tried, all with the round order.</summary>
    private static readonly int[] Profiles = [0, 2, 4, 6];

    private readonly ScatteredSamples _samples;
    private readonly BoxLattice _lattice;
    private readonly TreeAllocator _allocator;
    private readonly double _ridge;
    private readonly int _channels;
    private readonly ParallelOptions _parallel;
    private readonly Box?[] _boxes;

    public ScatteredSearch(ScatteredSamples samples, BoxLattice lattice, double ridge, ParallelOptions parallel)
    {
        _samples = samples;
        _lattice = lattice;
        _ridge = ridge;
        _parallel = parallel;
        _channels = samples.Planes.Length;
        _allocator = new TreeAllocator(lattice);
        _boxes = new Box?[lattice.BoxCount];
        foreach (var c in lattice.Classes)
        {
            // Boxes more oblong than 2:1 seldom pay without cuts to follow.
            if (c.Levels.Max() - c.Levels.Min() > 1)
                continue;
            Parallel.For(0, c.Count, parallel, b => _boxes[c.Offset + b] = Prepare(c, b));
        }
    }

    /// <summary>Searches.</summary>
    /// <param name="budget">The numbers that codes, lengths and coefficients may take.</param>
    public (List<LeafFit?> Tree, List<int> Splits) Run(int budget)
    {
        double low = -40, high = Math.Log(1 + _samples.Planes.Sum(p => p.Sum(v => (double)v * v)));
        for (int i = 0; i < 40; i++)
        {
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
                var leaf = new LeafFit(box.Start, box.Shape, Profile(box.Best), null, [box.Fits[box.Best]]);
                leaf.Choose(price, false);
                tree.Add(leaf);
            });
        return (tree, splits);
    }

    /// <summary>The coefficients of a leaf.</summary>
    public (float[][] Coefficients, double Error) Solve(LeafFit leaf)
    {
        var orders = PrefixOrders.Get(leaf.Shape, _channels);
        var cell = Cell(leaf.Start, leaf.Shape, orders);
        var coefficients = cell.Solve(leaf.Regions[0].Chosen, orders.CellSize, out double error);
        return ([coefficients], error);
    }

    private int Profile(int candidate) => _channels < 3 ? candidate : Profiles[candidate];

    private ScatteredCell Cell(int[] start, int[] shape, PrefixOrders orders) =>
        new(_samples, _samples.Inside(start, shape), start, shape, orders.Spatial[0], _ridge, TermShare);

    private Box Prepare(BoxClass boxClass, int box)
    {
        int d = _lattice.Domain.Length;
        var position = new int[d];
        boxClass.Position(box, position);
        int[] start = [.. position.Select((p, a) => boxClass.Extent(a, p).Start)];
        int[] shape = [.. position.Select((p, a) => boxClass.Extent(a, p).Side)];
        var orders = PrefixOrders.Get(shape, _channels);
        var cell = Cell(start, shape, orders);
        int candidates = _channels < 3 ? orders.ProfileCount : Profiles.Length;
        return new Box(start, shape, [.. Enumerable.Range(0, candidates).Select(k => cell.Fit(orders, Profile(k)))]);
    }

    private long Solve(double price)
    {
        var table = new LeafTable(_lattice.BoxCount);
        Parallel.For(0, _boxes.Length, _parallel, i =>
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

            table.Error[i] = (float)box.Fits[box.Best].Error;
            table.Floats[i] = OrderSearch.PlainOverhead + box.Fits[box.Best].Prefix;
        });
        return _allocator.Solve(table, price).Floats;
    }

    private sealed class Box(int[] start, int[] shape, RegionFit[] fits)
    {
        public int[] Start { get; } = start;

        public int[] Shape { get; } = shape;

        public RegionFit[] Fits { get; } = fits;

        public int Best { get; set; }
    }
}
