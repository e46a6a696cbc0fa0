using System.Diagnostics;
using System.Globalization;
using Inr.Losses;

namespace Inr;

/// <summary>A fitter whose representations are coded: it fits by another one and compresses what comes out, judged against the signal.</summary>
/// <remarks>
/// Where the other one is a <see cref="GradientFitter"/> of a target that draws its own θ and <see cref="CompressionOptions.StartSeed"/> is set, it starts from the
/// <see cref="SeededStart"/>, so that files store only how far it went.
/// </remarks>
public sealed class CompressingFitter : ISignalFitter
{
    private readonly ISignalFitter _fitter;
    private readonly CompressionOptions _options;

    /// <summary>Creates a fitter.</summary>
    /// <param name="fitter">What fits; this one takes ownership.</param>
    /// <param name="options">How to compress; by default within 0.1 dB of the fit.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public CompressingFitter(ISignalFitter fitter, CompressionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fitter);
        options ??= new CompressionOptions();
        new CompressionOptionsValidator().ThrowIfInvalid(options);
        _fitter = fitter;
        _options = options;
    }

    /// <inheritdoc/>
    public ITargetFunction? Target => _fitter.Target;

    /// <summary>Fits a signal and codes the result.</summary>
    /// <param name="context">The samples to fit; the caller keeps them.</param>
    /// <param name="progress">Told where the fit stands, then where the tuning does.</param>
    /// <param name="cancellationToken">Ends the fit within a step; a fit that was ended, or whose coding was, is returned as it is.</param>
    /// <returns>The result, whose error is that of the coded function; the caller owns it.</returns>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var clock = Stopwatch.StartNew();
        var (result, options) = FitWhole(context, progress, cancellationToken);
        if (result.Status == FitStatus.Cancelled)
            return result;
        try
        {
            var source = result.Representation;
            var coded = source.Compress(options, context, progress, cancellationToken);
            double bits = (double)coded.BitCount / coded.Target.Layout.FloatCount;
            using var scope = NewDisposeScope();
            double error = new LossFunction(coded.Target).ValueOf(coded.Parameters, LossSamples.Of(context), cancellationToken: CancellationToken.None).item<double>();
            string message = string.Create(CultureInfo.InvariantCulture, $"{result.Message} Coded in {bits:0.##} bits a number: {Psnr.FromMeanSquaredError(error):0.00} dB.");
            source.Dispose();
            return result with { Representation = coded, Message = message, MeanSquaredError = error, Loss = result.ErrorName == PointwiseError.Squared.Name ? error : result.Loss, Elapsed = clock.Elapsed };
        }
        catch (OperationCanceledException)
        {
            return result with { Status = FitStatus.Cancelled, Elapsed = clock.Elapsed };
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _fitter.Dispose();

    private (FitResult Result, CompressionOptions Options) FitWhole(Signal context, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        if (_fitter is GradientFitter { Target: ITrainableTarget } gradient && _options.StartSeed is { } seed)
        {
            using var start = SeededStart.Draw(gradient.Target, seed);
            return (gradient.FitFrom(start, context, progress, cancellationToken), _options);
        }

        return (_fitter.Fit(context, progress, cancellationToken), _options with { StartSeed = null });
    }
}
