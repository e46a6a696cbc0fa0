using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>Fits a <see cref="PiecewiseFourierTarget"/> in closed form: an exact search over partitions under a budget of numbers.</summary>
/// <remarks>
/// No learning rate and no randomness. Orthonormal bases give the error of every prefix of every candidate leaf at once;
/// dynamic programming picks the tree that minimizes error + λ·floats; bisection on λ meets the budget; the coefficients
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
    /// <remarks>
    /// Progress counts in thousandths of the expected work, with the error of the best tree so far. A fit that is cancelled
    /// ends within a fraction of a second and returns what it has: the last tree without cuts that its search found, cut to the
    /// budget; before there is one, the signal's level everywhere.
    /// </remarks>
    /// <exception cref="ArgumentException">The signal has more than 3 coordinates, or the budget is too small for it; the message says how small a budget works.</exception>
    /// <exception cref="InrException">The fit needs more memory than there is; the message says how much.</exception>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        SignalReader.RequireDimensions(context, _dimensions);
        if (context.InputDimension > 3)
            throw new ArgumentException($"A piecewise Fourier expansion takes 1 to 3 coordinates; the signal has {context.InputDimension}.", nameof(context));
        if (_options.SampleGrid is { } sampleGrid && sampleGrid.Count != context.InputDimension)
            throw new ArgumentException($"SampleGrid has {sampleGrid.Count} axes but the signal has {context.InputDimension} coordinates.", nameof(context));
        return Create(context, new FitMonitor(_options.Threads, progress, cancellation: cancellationToken)).Fit(context);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private ClosedForm Create(Signal context, FitMonitor monitor)
    {
        if (_options.Partition != PartitionKind.DyadicTree)
        {
            if (!context.Domain.IsGrid)
                throw new ArgumentException($"A {_options.Partition} partition is fitted to a full grid; this signal is {context.Domain}. Use the dyadic tree for scattered samples.", nameof(context));
            var family = new PartitionFit(context, _options, monitor);
            if (_options.FloatBudget < family.SmallestBudget)
                throw new ArgumentException($"A budget of {_options.FloatBudget} floats cannot hold this {_options.Partition} partition of the signal ({context}); the smallest workable budget is {family.SmallestBudget}, or less with fewer Cells.", nameof(context));
            return family;
        }

        var search = SearchOptions(context.InputDimension);
        if (context.Domain.IsGrid && !_options.Denoise)
        {
            var grid = new GridFit(context, search, _options.IndicatorWidth, _options.Refine, _options.FloatBudget, monitor);
            RequireBudget(context, grid.SmallestBudget);
            return grid;
        }

        var samples = new ScatteredFit(context, SampleGrid(context), search, _options.Smoothness, _options.FloatBudget, monitor);
        RequireBudget(context, samples.SmallestBudget);
        return samples;
    }

    // The grid that scattered samples were taken from, or one with as many samples on each axis.
    private int[] SampleGrid(Signal context)
    {
        if (_options.SampleGrid is { } given)
            return [.. given];
        if (context.Domain.IsGrid)
            return [.. context.Domain.GridShape];
        int d = context.InputDimension;
        return [.. Enumerable.Repeat(Math.Max(1, (int)Math.Round(Math.Pow(context.SampleCount, 1.0 / d))), d)];
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
