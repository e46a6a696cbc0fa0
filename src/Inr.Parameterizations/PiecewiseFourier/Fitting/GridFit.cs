using Inr.Parameterizations;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Fits an expansion on a dyadic partition to samples that fill a grid.</summary>
internal sealed class GridFit : ClosedForm
{
    /// <summary>The share of the fit that goes into reading the signal.</summary>
    private const double ReadShare = 0.02;

    /// <summary>The share of the search, the rest being spent on the coefficients: with and without refinement of the cuts.</summary>
    private const double SearchShare = 0.94, SearchBeforeRefinement = 0.5;

    private readonly Signal _signal;
    private readonly PiecewiseSearchOptions _options;
    private readonly ExpansionAssembly _assembly;
    private readonly double _indicatorWidth;
    private readonly bool _refine;
    private readonly int _budget;
    private readonly int[] _shape;
    private readonly BoxLattice _lattice;
    private float[]? _level;
    private SampledGrid? _grid;
    private BudgetSearch? _search;
    private SolvedTree? _solved;

    /// <param name="signal">A signal on a grid of 1 to 3 axes.</param>
    /// <param name="options">What the search may use.</param>
    /// <param name="indicatorWidth">The width of the stored indicators in samples; 0 for hard ones.</param>
    /// <param name="refine">Whether to move the cuts continuously after the search.</param>
    /// <param name="budget">The numbers that θ may hold.</param>
    /// <param name="monitor">What the fit and its caller tell each other.</param>
    /// <exception cref="InrException">The memory is too small for the signal.</exception>
    public GridFit(Signal signal, PiecewiseSearchOptions options, double indicatorWidth, bool refine, int budget, FitMonitor monitor)
        : base(monitor)
    {
        _signal = signal;
        _options = options;
        _indicatorWidth = indicatorWidth;
        _refine = refine;
        _budget = budget;
        _shape = [.. signal.Domain.GridShape];
        _assembly = new ExpansionAssembly(_shape, signal.Channels, options, indicatorWidth);
        MemoryNeed.OfGrid(_shape, signal.Channels, options, monitor.Parallel.MaxDegreeOfParallelism)
            .Require($"A piecewise Fourier fit of {signal}", "Use a smaller signal, or a larger MinLeafSide: 4 takes a quarter of 2.");
        _lattice = new BoxLattice(_shape, options.MinSide, options.MaxSide);
    }

    /// <summary>The fewest numbers that θ takes with one coefficient per channel.</summary>
    public int SmallestBudget => (OrderSearch.PlainOverhead * _lattice.RootCount) + (2 * _signal.Channels);

    /// <inheritdoc/>
    protected override Solution Run()
    {
        _level = SignalReader.Level(_signal);
        _grid = new SampledGrid(_shape, SignalReader.Planes(_signal, _level, ReadShare, Monitor));
        Monitor.Loss = _grid.Energy / Samples;
        double share = _refine ? SearchBeforeRefinement : SearchShare;
        _search = new BudgetSearch(_grid, _lattice, _options, share, Monitor);
        var (tree, splits) = _search.Run(_budget - _grid.Channels);
        var leaves = tree.OfType<LeafFit>().ToArray();
        var solver = new LeafSolver(_grid, _indicatorWidth, Monitor.Cancellation);
        var solved = new SolvedTree(tree, splits, new (float[][] Coefficients, double Error)[leaves.Length]);
        Monitor.Stage(_refine ? share + 0.04 : 1, leaves.Length, i => solved.Leaves[i] = solver.Solve(leaves[i]));
        _solved = solved;
        if (_refine)
        {
            Monitor.Loss = solved.Leaves.Sum(l => l.Error) / Samples;
            Monitor.Stage(1, leaves.Length, i => solved.Leaves[i] = solver.Refine(leaves[i], solved.Leaves[i]));
        }

        return Assemble(solved, "Solved in closed form");
    }

    /// <inheritdoc/>
    /// <remarks>
    /// While cuts are refined, those refined so far beside the others; before that the last tree without cuts that the search
    /// found, its prefixes shortened to the budget; before that the signal's level, everywhere.
    /// </remarks>
    protected override Solution BestSoFar()
    {
        int threads = Monitor.Parallel.MaxDegreeOfParallelism, budget = _budget - _signal.Channels;
        if (_solved is not null)
            return Assemble(_solved, "The refinement was not finished");
        if (_grid is not null && _search?.Draft?.Finish(_grid, budget, threads) is { } draft)
            return Assemble(draft, "The search was not finished, and no set is cut");
        _level ??= SignalReader.Level(_signal);
        double energy = _grid?.Energy ?? SignalReader.Energy(_signal, _level);
        var flat = DraftTree.Flat(_lattice).Finish(energy);
        return Assemble(flat, "Nothing was found yet: the level of the signal");
    }

    private double Samples => (double)_signal.SampleCount * _signal.Channels;

    private Solution Assemble(SolvedTree solved, string how)
    {
        var (target, parameters, error) = _assembly.Build(solved, _level!);
        return new Solution(target, parameters, error / Samples, $"{how}: {target.Layout["prefixes"].Count} regions, {target.Layout.FloatCount} of {_budget} floats.");
    }
}
