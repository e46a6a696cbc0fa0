using Inr.Parameterizations;

namespace Inr.Piecewise;

/// <summary>Solves the coefficients of the chosen leaves and lays everything out as a target function with its θ.</summary>
internal sealed class ExpansionAssembly
{
    private readonly SampledGrid _grid;
    private readonly PiecewiseSearchOptions _options;
    private readonly double _indicatorWidth;

    public ExpansionAssembly(SampledGrid grid, PiecewiseSearchOptions options, double indicatorWidth)
    {
        _grid = grid;
        _options = options;
        _indicatorWidth = indicatorWidth;
    }

    /// <summary>Builds the function.</summary>
    /// <param name="tree">Nodes in preorder; null where a node is split.</param>
    /// <param name="splits">The axis of each split, in preorder.</param>
    /// <param name="level">The value of each channel where every coefficient is zero.</param>
    /// <returns>The function, its θ, and the squared error over all samples and channels.</returns>
    public (PiecewiseFourierTarget Target, ParameterSet Parameters, double Error) Build(IReadOnlyList<LeafFit?> tree, IReadOnlyList<int> splits, float[] level)
    {
        int d = _grid.Shape.Length;
        var leaves = tree.OfType<LeafFit>().ToArray();
        var solved = new (float[][] Coefficients, double Error)[leaves.Length];
        Parallel.For(0, leaves.Length, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads > 0 ? _options.Threads : -1 }, i => solved[i] = Solve(leaves[i]));

        var nodes = new List<float>();
        List<float> prefixes = [], extraCounts = [], extras = [], cuts = [], coefficients = [];
        int split = 0;
        foreach (var leaf in tree)
            nodes.Add(leaf is null ? splits[split++] : LeafCode.Encode(d, leaf.Kind, leaf.Order));
        for (int i = 0; i < leaves.Length; i++)
        {
            if (leaves[i].Cut is { } cut)
                cuts.AddRange(cut.Select(x => (float)x));
            for (int r = 0; r < leaves[i].Regions.Length; r++)
            {
                var region = leaves[i].Regions[r];
                prefixes.Add(region.Prefix);
                if (leaves[i].HasExtras)
                {
                    extraCounts.Add(region.Extras.Count);
                    extras.AddRange(region.Extras.Select(x => (float)x));
                }

                coefficients.AddRange(solved[i].Coefficients[r]);
            }
        }

        var shape = new PiecewiseShape
        {
            Grid = _grid.Shape,
            Channels = _grid.Channels,
            MinSide = _options.MinSide,
            MaxSide = _options.MaxSide,
            Nodes = nodes.Count,
            Prefixes = prefixes.Count,
            ExtraCounts = extraCounts.Count,
            Extras = extras.Count,
            Cuts = cuts.Count / d,
            Coefficients = coefficients.Count,
            IndicatorWidth = _indicatorWidth,
        };
        var target = new PiecewiseFourierTarget(shape);
        var parameters = new ParameterSet(target.Layout,
        [
            tensor(level),
            tensor(nodes.ToArray()),
            tensor(prefixes.ToArray()),
            tensor(extraCounts.ToArray()),
            tensor(extras.ToArray()),
            tensor(cuts.ToArray()).reshape(shape.Cuts, d),
            tensor(coefficients.ToArray()),
        ]);
        return (target, parameters, solved.Sum(s => s.Error));
    }

    private (float[][] Coefficients, double Error) Solve(LeafFit leaf)
    {
        var orders = PrefixOrders.Get(leaf.Shape, _grid.Channels);
        var values = _grid.Values(leaf.Start, leaf.Shape);
        if (leaf.Cut is null)
            return ([RegionSolver.SolveFullBox(orders, leaf.Regions[0].Chosen, values)], leaf.Regions[0].Error);

        // The stored cut is single precision: its own mask decides which samples a region owns.
        double[] stored = [.. leaf.Cut.Select(x => (double)(float)x)];
        var mask = new HalfSpace(stored, leaf.Shape).Mask(leaf.Shape);
        var coefficients = new float[2][];
        double error = 0;
        for (int r = 0; r < 2; r++)
        {
            int[] samples = [.. Enumerable.Range(0, mask.Length).Where(i => mask[i] == (r == 1))];
            var part = values.Select(v => samples.Select(s => v[s]).ToArray()).ToArray();
            coefficients[r] = RegionSolver.SolvePart(leaf.Shape, leaf.Regions[r].Chosen, samples, part, out double rest);
            error += rest;
        }

        return (coefficients, error);
    }
}
