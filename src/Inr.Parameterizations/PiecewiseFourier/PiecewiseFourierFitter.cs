using System.Diagnostics;
using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>Fits a <see cref="PiecewiseFourierTarget"/> in closed form: an exact search over partitions under a budget of numbers.</summary>
/// <remarks>
/// No learning rate and no randomness. Orthonormal bases give the error of every prefix of every candidate leaf at once;
/// dynamic programming picks the tree that minimises error + λ·floats; bisection on λ meets the budget; the coefficients
/// of the chosen leaves are solved in double precision.
/// </remarks>
public sealed class PiecewiseFourierFitter : ISignalFitter
{
    private readonly PiecewiseFourierOptions _options;
    private readonly (int Input, int Output)? _dimensions;

    /// <summary>Creates a fitter for signals of given dimensions.</summary>
    internal PiecewiseFourierFitter(PiecewiseFourierOptions options, int inputDimension, int outputDimension)
        : this(options)
    {
        _dimensions = (inputDimension, outputDimension);
    }

    /// <summary>Creates a fitter.</summary>
    /// <param name="options">The budget and what the expansion may use; read once.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public PiecewiseFourierFitter(PiecewiseFourierOptions? options = null)
    {
        _options = options ?? new PiecewiseFourierOptions();
        new PiecewiseFourierOptionsValidator().ThrowIfInvalid(_options);
    }

    /// <summary>Null: each fit builds its own partition.</summary>
    public ITargetFunction? Target => null;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The signal has more than 3 coordinates, or the budget is too small for it; the message says how small a budget works.</exception>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        SignalReader.RequireDimensions(context, _dimensions);
        if (context.InputDimension > 3)
            throw new ArgumentException($"A piecewise Fourier expansion takes 1 to 3 coordinates; the signal has {context.InputDimension}.", nameof(context));
        if (_options.SampleGrid is { } sampleGrid && sampleGrid.Count != context.InputDimension)
            throw new ArgumentException($"SampleGrid has {sampleGrid.Count} axes but the signal has {context.InputDimension} coordinates.", nameof(context));
        var clock = Stopwatch.StartNew();
        var (planes, level) = SignalReader.Read(context);
        if (_options.Partition != PartitionKind.DyadicTree)
            return FitFamily(context, planes, level, clock, progress, cancellationToken);
        var search = SearchOptions(context.InputDimension);
        bool onGrid = context.Domain.IsGrid && !_options.Denoise;
        var (target, parameters, error, how) = onGrid
            ? FitGrid(context, planes, level, search, cancellationToken)
            : FitSamples(context, planes, level, search, cancellationToken);
        double loss = error / ((double)planes[0].Length * planes.Length);
        progress?.Report(new FitProgress(1, 1, loss, clock.Elapsed));
        return new FitResult
        {
            Representation = new ImplicitRepresentation(target, parameters, context.Domain) { Format = context.Format },
            Status = cancellationToken.IsCancellationRequested ? FitStatus.Cancelled : FitStatus.Completed,
            Message = $"{how}: {target.Layout["prefixes"].Count} regions, {target.Layout.FloatCount} of {_options.FloatBudget} floats.",
            Steps = 0,
            Loss = loss,
            Elapsed = clock.Elapsed,
        };
    }

    private FitResult FitFamily(Signal context, float[][] planes, float[] level, Stopwatch clock, IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        if (!context.Domain.IsGrid)
            throw new ArgumentException($"A {_options.Partition} partition is fitted to a full grid; this signal is {context.Domain}. Use the dyadic tree for scattered samples.", nameof(context));
        var fit = new PartitionFit(new SampledGrid([.. context.Domain.GridShape], planes), _options.Partition, _options.Cells, _options.LevelTerms, _options.FloatBudget, _options.Threads, cancellation);
        if (_options.FloatBudget < fit.SmallestBudget)
            throw new ArgumentException($"A budget of {_options.FloatBudget} floats cannot hold this {_options.Partition} partition of the signal ({context}); the smallest workable budget is {fit.SmallestBudget}, or less with fewer Cells.", nameof(context));
        var (target, parameters, error) = fit.Run(_options.FloatBudget, level);
        double loss = error / ((double)planes[0].Length * planes.Length);
        progress?.Report(new FitProgress(1, 1, loss, clock.Elapsed));
        return new FitResult
        {
            Representation = new ImplicitRepresentation(target, parameters, context.Domain) { Format = context.Format },
            Status = cancellation.IsCancellationRequested ? FitStatus.Cancelled : FitStatus.Completed,
            Message = $"Fitted a {_options.Partition} partition: {target.Partition.RegionCount} sets, {target.Layout.FloatCount} of {_options.FloatBudget} floats.",
            Steps = 0,
            Loss = loss,
            Elapsed = clock.Elapsed,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private (PiecewiseFourierTarget Target, ParameterSet Parameters, double Error, string How) FitGrid(Signal context, float[][] planes, float[] level, PiecewiseSearchOptions options, CancellationToken cancellation)
    {
        var grid = new SampledGrid([.. context.Domain.GridShape], planes);
        var search = new BudgetSearch(grid, options, cancellation);
        RequireBudget(context, planes.Length + search.SmallestBudget);
        var (tree, splits) = search.Run(_options.FloatBudget - planes.Length);
        var (target, parameters, error) = new ExpansionAssembly(grid.Shape, grid.Channels, options, _options.IndicatorWidth, new LeafSolver(grid, _options.IndicatorWidth, _options.Refine).Solve).Build(tree, splits, level);
        return (target, parameters, error, "Solved in closed form");
    }

    private (PiecewiseFourierTarget Target, ParameterSet Parameters, double Error, string How) FitSamples(Signal context, float[][] planes, float[] level, PiecewiseSearchOptions options, CancellationToken cancellation)
    {
        int d = context.InputDimension, count = planes[0].Length;
        int[] grid = _options.SampleGrid is { } given ? [.. given]
            : context.Domain.IsGrid ? [.. context.Domain.GridShape]
            : [.. Enumerable.Repeat(Math.Max(1, (int)Math.Round(Math.Pow(count, 1.0 / d))), d)];
        using var places = context.CoordinatesOf(0, count);
        var coordinates = TensorNumbers.Of(places);
        var positions = new double[d][];
        for (int a = 0; a < d; a++)
        {
            positions[a] = new double[count];
            for (int i = 0; i < count; i++)
                positions[a][i] = (coordinates[(i * d) + a] + 1.0) * 0.5 * grid[a];
        }

        var fit = new ScatteredFit(grid, positions, planes, options, cancellation);
        RequireBudget(context, planes.Length + fit.SmallestBudget);
        var (target, parameters, error, smoothness) = fit.Run(_options.FloatBudget - planes.Length, _options.Smoothness, level);
        return (target, parameters, error, $"Solved by least squares with smoothness {smoothness:G3}");
    }

    private void RequireBudget(Signal context, int smallest)
    {
        if (_options.FloatBudget < smallest)
            throw new ArgumentException($"A budget of {_options.FloatBudget} floats cannot hold one coefficient per channel of this signal ({context}); the smallest workable budget is {smallest}, or less with a larger MaxLeafSide.", nameof(context));
    }

    private PiecewiseSearchOptions SearchOptions(int dimension)
    {
        int min = _options.MinLeafSide ?? (dimension switch { 1 => 16, 2 => 2, _ => 4 });
        int max = _options.MaxLeafSide ?? Math.Max(min, dimension switch { 1 => 1024, 2 => 64, _ => 16 });
        return new PiecewiseSearchOptions(min, max, _options.AdaptiveOrders, _options.SingleTerms, _options.Cuts, _options.CurvedCuts, _options.MaxCutSide, _options.Threads);
    }
}
