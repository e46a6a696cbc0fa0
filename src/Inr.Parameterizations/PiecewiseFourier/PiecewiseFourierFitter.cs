using System.Diagnostics;
using Inr.Piecewise;

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
    /// <exception cref="OperationCanceledException">Cancelled: a closed form has no state to return before its end.</exception>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.InputDimension > 3)
            throw new ArgumentException($"A piecewise Fourier expansion takes 1 to 3 coordinates; the signal has {context.InputDimension}.", nameof(context));
        if (!context.Domain.IsGrid)
            throw new ArgumentException("The signal is scattered.", nameof(context));
        var clock = Stopwatch.StartNew();
        var (grid, level) = GridReader.Read(context);
        var search = SearchOptions(grid.Shape.Length);
        var budgetSearch = new BudgetSearch(grid, search, cancellationToken);
        int fixedFloats = grid.Channels;
        if (_options.FloatBudget < fixedFloats + budgetSearch.SmallestBudget)
            throw new ArgumentException($"A budget of {_options.FloatBudget} floats cannot hold one coefficient per channel of this signal ({context}); the smallest workable budget is {fixedFloats + budgetSearch.SmallestBudget}, or less with a larger MaxLeafSide.", nameof(context));
        var (tree, splits) = budgetSearch.Run(_options.FloatBudget - fixedFloats);
        progress?.Report(new FitProgress(1, 2, tree.OfType<LeafFit>().Sum(l => l.Error) / (grid.Planes[0].Length * (double)grid.Channels), clock.Elapsed));

        var assembly = new ExpansionAssembly(grid, search, _options.IndicatorWidth);
        var (target, parameters, error) = assembly.Build(tree, splits, level);
        double loss = error / ((double)grid.Planes[0].Length * grid.Channels);
        progress?.Report(new FitProgress(2, 2, loss, clock.Elapsed));
        return new FitResult
        {
            Representation = new ImplicitRepresentation(target, parameters, context.Domain),
            Status = FitStatus.Completed,
            Message = $"Solved in closed form: {tree.Count - splits.Count} leaves, {target.Layout.FloatCount} of {_options.FloatBudget} floats.",
            Steps = 0,
            Loss = loss,
            Elapsed = clock.Elapsed,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private PiecewiseSearchOptions SearchOptions(int dimension)
    {
        int min = _options.MinLeafSide ?? (dimension == 1 ? 16 : 2);
        int max = _options.MaxLeafSide ?? Math.Max(min, dimension switch { 1 => 1024, 2 => 64, _ => 16 });
        return new PiecewiseSearchOptions(min, max, _options.AdaptiveOrders, _options.SingleTerms, _options.Cuts, _options.MaxCutSide, _options.Threads);
    }
}
