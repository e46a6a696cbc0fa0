namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Solves the coefficients of chosen leaves on a full grid, exactly and in double precision.</summary>
internal sealed class LeafSolver
{
    private readonly SampledGrid _grid;
    private readonly double _indicatorWidth;
    private readonly bool _refine;

    /// <param name="grid">The samples.</param>
    /// <param name="indicatorWidth">The width of the stored indicators in samples; 0 for hard ones.</param>
    /// <param name="refine">Whether to move cuts continuously first.</param>
    public LeafSolver(SampledGrid grid, double indicatorWidth, bool refine)
    {
        _grid = grid;
        _indicatorWidth = indicatorWidth;
        _refine = refine;
    }

    /// <summary>The coefficients of each region, and the squared error that remains.</summary>
    public (float[][] Coefficients, double Error) Solve(LeafFit leaf)
    {
        var values = _grid.Values(leaf.Start, leaf.Shape);
        if (leaf.Cut is null)
            return ([RegionSolver.SolveFullBox(PrefixOrders.Get(leaf.Shape, _grid.Channels), leaf.Regions[0].Chosen, values)], leaf.Regions[0].Error);

        int[] first = leaf.Regions[0].Chosen, second = leaf.Regions[1].Chosen;
        if (_refine)
            leaf.MoveCut(CutRefiner.Refine(leaf.Shape, leaf.Cut, _indicatorWidth, first, second, values));
        // The stored cut is single precision: it decides which samples a region owns.
        double[] stored = [.. leaf.Cut.Select(x => (double)(float)x)];
        var solution = CutSolver.Solve(leaf.Shape, stored, _indicatorWidth, first, second, values);
        return (solution.Coefficients, solution.Error);
    }
}
