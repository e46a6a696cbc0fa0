using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>Fits a <see cref="BlockCosineTarget"/> in closed form: each block keeps the prefix that minimizes error + λ·floats.</summary>
/// <remarks>The price λ is bisected until the budget is met; prefix lengths count as one number each.</remarks>
public sealed class BlockCosineFitter : ISignalFitter
{
    private readonly BlockCosineOptions _options;
    private readonly (int Input, int Output)? _dimensions;

    /// <summary>Creates a fitter for signals of given dimensions.</summary>
    internal BlockCosineFitter(BlockCosineOptions options, int inputDimension, int outputDimension)
        : this(options)
    {
        _dimensions = (inputDimension, outputDimension);
    }

    /// <summary>Creates a fitter.</summary>
    /// <param name="options">The budget and the blocks; read once.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public BlockCosineFitter(BlockCosineOptions? options = null)
    {
        _options = options ?? new BlockCosineOptions();
        new BlockCosineOptionsValidator().ThrowIfInvalid(_options);
    }

    /// <summary>Null: each fit has its own number of coefficients.</summary>
    public ITargetFunction? Target => null;

    /// <inheritdoc/>
    /// <remarks>
    /// Progress counts in thousandths of the expected work. A fit that is cancelled ends within a fraction of a second and
    /// returns what it has: the blocks of the side that was finished; before that the signal's level everywhere.
    /// </remarks>
    /// <exception cref="ArgumentException">The signal is scattered, has more than 3 coordinates, or the budget is too small for it.</exception>
    /// <exception cref="InrException">The fit needs more memory than there is; the message says how much.</exception>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        SignalReader.RequireDimensions(context, _dimensions);
        if (!context.Domain.IsGrid || context.InputDimension > 3)
            throw new ArgumentException($"Block cosines need samples that fill a grid of 1 to 3 axes; the signal is {context}.", nameof(context));
        var fit = new CosineFit(context, _options, new FitMonitor(0, progress, cancellation: cancellationToken));
        if (_options.FloatBudget < fit.SmallestBudget)
            throw new ArgumentException($"A budget of {_options.FloatBudget} floats cannot hold a prefix length for each block and channel of this signal and a coefficient per channel ({context}); the smallest workable budget is {fit.SmallestBudget}.", nameof(context));
        return fit.Fit(context);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
