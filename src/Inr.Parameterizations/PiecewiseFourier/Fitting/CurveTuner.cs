namespace Inr.Piecewise;

/// <summary>Moves a curved cut off the dictionary: smaller and smaller steps of its direction, offset and curvature, each solved exactly.</summary>
/// <remarks>The cost is error + λ·floats with the best prefix of every trial, so a step is kept only where that drops.</remarks>
internal sealed class CurveTuner
{
    private const int Rounds = 3;

    /// <summary>Room for longer prefixes than those of the start, while steps are compared.</summary>
    private const double Slack = 1.25;

    private readonly int[] _shape;
    private readonly PrefixOrders _orders;
    private readonly int _order;
    private readonly double[][] _values;
    private readonly double _price;

    /// <param name="shape">The shape of the box.</param>
    /// <param name="orders">Its dictionary of orders.</param>
    /// <param name="order">The order of the leaf.</param>
    /// <param name="values">For each channel, the values of the box.</param>
    /// <param name="price">λ.</param>
    public CurveTuner(int[] shape, PrefixOrders orders, int order, double[][] values, double price)
    {
        _shape = shape;
        _orders = orders;
        _order = order;
        _values = values;
        _price = price;
    }

    /// <summary>The leaf with its best cut near a given one.</summary>
    /// <param name="start">The first sample of the box on each axis.</param>
    /// <param name="cut">The parameters of the <see cref="CutSurface"/>.</param>
    public LeafFit Tune(int[] start, double[] cut)
    {
        int d = _shape.Length;
        var regions = Regions(cut, CutDictionary.TermShare)!;
        double best = Cost(regions);
        // Bases a little longer than the prefixes are quick to build, and enough to compare neighbours.
        double share = Math.Min(CutDictionary.TermShare, Slack * regions.Max(r => Columns(r)) / ((double)_orders.CellSize / 2));
        double[] position = [.. cut];
        best = Regions(cut, share) is { } short_ ? Cost(short_) : best;
        double[] steps = new double[d + 1];
        Array.Fill(steps, Math.PI / 48);
        (steps[d - 1], steps[d]) = (1.0 / _shape.Max(), 0.12);
        for (int round = 0; round < Rounds; round++)
        {
            for (int p = 0; p <= d; p++)
            {
                foreach (double sign in (ReadOnlySpan<double>)[1, -1])
                {
                    double[] trial = [.. position];
                    trial[p] += sign * steps[p];
                    if (Regions(trial, share) is not { } tried || Cost(tried) is var cost && cost >= best)
                        continue;
                    (position, best) = (trial, cost);
                    break;
                }
            }

            for (int p = 0; p <= d; p++)
                steps[p] /= 2;
        }

        return new LeafFit(start, _shape, _order, position, Regions(position, CutDictionary.TermShare)!);
    }

    private double Cost(RegionFit[] regions) => regions.Sum(r => r.Choose(_price, false));

    // The columns that the longest prefix of a channel asks for.
    private int Columns(RegionFit region) => 4 + region.Chosen.GroupBy(t => t / _orders.CellSize).Select(g => g.Count()).DefaultIfEmpty(0).Max();

    private RegionFit[]? Regions(double[] cut, double share)
    {
        double[] nudged = [.. cut];
        if (CutDictionary.Create(_shape, nudged, share) is not { } entry)
            return null;
        nudged.CopyTo(cut, 0);
        return [RegionSolver.Part(_orders, _order, entry.First, _values), RegionSolver.Part(_orders, _order, entry.Second, _values)];
    }
}
