namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Solves the coefficients of chosen leaves on a full grid, exactly and in double precision.</summary>
internal sealed class LeafSolver
{
    private readonly SampledGrid _grid;
    private readonly double _indicatorWidth;
    private readonly CancellationToken _cancellation;

    /// <param name="grid">The samples.</param>
    /// <param name="indicatorWidth">The width of the stored indicators in samples; 0 for hard ones.</param>
    /// <param name="cancellation">Stops inside of a leaf.</param>
    public LeafSolver(SampledGrid grid, double indicatorWidth, CancellationToken cancellation)
    {
        _grid = grid;
        _indicatorWidth = indicatorWidth;
        _cancellation = cancellation;
    }

    /// <summary>The coefficients of each region, and the squared error that remains.</summary>
    public (float[][] Coefficients, double Error) Solve(LeafFit leaf)
    {
        var values = _grid.Values(leaf.Start, leaf.Shape);
        return leaf.Cut is null
            ? ([RegionSolver.SolveFullBox(leaf.Shape, leaf.Regions[0].Chosen, values)], leaf.Regions[0].Error)
            : Solve(leaf, leaf.Cut, values);
    }

    /// <summary>Moves the cut of a leaf continuously and solves it again where that helps.</summary>
    /// <param name="leaf">The leaf; its cut is replaced by a better one, and only together with what is returned.</param>
    /// <param name="solved">Its coefficients and its error.</param>
    /// <returns>Those of the better cut, or the given ones.</returns>
    public (float[][] Coefficients, double Error) Refine(LeafFit leaf, (float[][] Coefficients, double Error) solved)
    {
        if (leaf.Cut is null)
            return solved;
        var values = _grid.Values(leaf.Start, leaf.Shape);
        var cut = CutRefiner.Refine(leaf.Shape, leaf.Cut, _indicatorWidth, leaf.Regions[0].Chosen, leaf.Regions[1].Chosen, values, _cancellation);
        if (ReferenceEquals(cut, leaf.Cut))
            return solved;
        var better = Solve(leaf, cut, values);
        leaf.MoveCut(cut);
        return better;
    }

    private (float[][] Coefficients, double Error) Solve(LeafFit leaf, double[] cut, double[][] values)
    {
        // The stored cut is single precision: it decides which samples a region owns.
        double[] stored = [.. cut.Select(x => (double)(float)x)];
        var solution = CutSolver.Solve(leaf.Shape, stored, _indicatorWidth, leaf.Regions[0].Chosen, leaf.Regions[1].Chosen, values, _cancellation);
        return (solution.Coefficients, solution.Error);
    }
}
