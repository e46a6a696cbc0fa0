using Inr.Parameterizations;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Lays a solved tree out as a target function with its θ.</summary>
internal sealed class ExpansionAssembly
{
    private readonly int[] _shape;
    private readonly int _channels;
    private readonly PiecewiseSearchOptions _options;
    private readonly double _indicatorWidth;

    /// <param name="shape">Samples of the grid on each axis.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="options">The smallest and the largest box.</param>
    /// <param name="indicatorWidth">The width of the indicators in samples; 0 for hard ones.</param>
    public ExpansionAssembly(int[] shape, int channels, PiecewiseSearchOptions options, double indicatorWidth)
    {
        _shape = shape;
        _channels = channels;
        _options = options;
        _indicatorWidth = indicatorWidth;
    }

    /// <summary>Builds the function.</summary>
    /// <param name="solved">The tree.</param>
    /// <param name="level">The value of each channel where every coefficient is zero.</param>
    /// <returns>The function, its θ, and the squared error over all samples and channels.</returns>
    public (PiecewiseFourierTarget Target, ParameterSet Parameters, double Error) Build(SolvedTree solved, float[] level)
    {
        int d = _shape.Length;
        var (tree, splits) = (solved.Tree, solved.Splits);
        var leaves = tree.OfType<LeafFit>().ToArray();
        var nodes = new List<float>();
        List<float> prefixes = [], extraCounts = [], extras = [], cuts = [], curvatures = [], coefficients = [];
        int split = 0, orders = PrefixOrders.CountFor(d, _channels);
        foreach (var leaf in tree)
            nodes.Add(leaf is null ? splits[split++] : LeafCode.Encode(d, orders, leaf.Kind, leaf.Order));
        for (int i = 0; i < leaves.Length; i++)
        {
            if (leaves[i].Cut is { } cut)
            {
                cuts.AddRange(cut.Take(d).Select(x => (float)x));
                curvatures.AddRange(cut.Skip(d).Select(x => (float)x));
            }

            for (int r = 0; r < leaves[i].Regions.Length; r++)
            {
                var region = leaves[i].Regions[r];
                prefixes.Add(region.Prefix);
                if (leaves[i].HasExtras)
                {
                    extraCounts.Add(region.Extras.Count);
                    extras.AddRange(region.Extras.Select(x => (float)x));
                }

                coefficients.AddRange(solved.Leaves[i].Coefficients[r]);
            }
        }

        var shape = new PiecewiseShape
        {
            Grid = _shape,
            Channels = _channels,
            MinSide = _options.MinSide,
            MaxSide = _options.MaxSide,
            Nodes = nodes.Count,
            Prefixes = prefixes.Count,
            ExtraCounts = extraCounts.Count,
            Extras = extras.Count,
            Cuts = cuts.Count / d,
            Curvatures = curvatures.Count,
            Coefficients = coefficients.Count,
            IndicatorWidth = _indicatorWidth,
        };
        var target = new PiecewiseFourierTarget(shape);
        List<Tensor> tensors =
        [
            tensor(level),
            tensor(nodes.ToArray()),
            tensor(prefixes.ToArray()),
            tensor(extraCounts.ToArray()),
            tensor(extras.ToArray()),
            tensor(cuts.ToArray(), [(long)shape.Cuts, d]),
            tensor(coefficients.ToArray()),
        ];
        if (curvatures.Count > 0)
            tensors.Add(tensor(curvatures.ToArray()));
        var parameters = new ParameterSet(target.Layout, tensors);
        return (target, parameters, solved.Leaves.Sum(l => l.Error));
    }
}
