using Inr.Parameterizations.CompressedFourier;
using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>Codes a signal as a <see cref="CompressedFourierTarget"/>: least squared error + λ·bits at a step of the levels.</summary>
/// <remarks>
/// The tree of boxes is the best of all trees by an estimate of the bits. Box after box, the best predictions are coded on trial with
/// the contexts as they stand, and every level is rounded so that error + λ·bits is least. A size or a PSNR is met by a
/// few codings with other steps. No randomness: the bytes do not depend on threads or vector widths of a machine's kind.
/// </remarks>
public sealed class CompressedFourierFitter : ISignalFitter
{
    private const int PrefixBytes = 5;

    // Where a search for a size begins.
    private const double FirstStep = 1.0 / 12;

    private readonly CompressedFourierOptions _options;
    private readonly (int Input, int Output)? _dimensions;

    /// <summary>Creates a fitter for signals of given dimensions.</summary>
    internal CompressedFourierFitter(CompressedFourierOptions options, int inputDimension, int outputDimension)
        : this(options)
    {
        _dimensions = (inputDimension, outputDimension);
    }

    /// <summary>Creates a fitter.</summary>
    /// <param name="options">Size or quality; read once.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public CompressedFourierFitter(CompressedFourierOptions? options = null)
    {
        _options = options ?? new CompressedFourierOptions();
        new CompressedFourierOptionsValidator().ThrowIfInvalid(_options);
    }

    /// <summary>Null: each code has its own length.</summary>
    public ITargetFunction? Target => null;

    /// <inheritdoc/>
    /// <remarks>
    /// Progress counts in thousandths of the expected work. A fit that is cancelled ends within a fraction of a second and returns
    /// the best code that is whole; before there is one, the signal's level everywhere.
    /// </remarks>
    /// <exception cref="ArgumentException">The signal fills no grid of one or two axes, has more than 16 channels, or cannot be coded so small or so well; the message says how small or well it can.</exception>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        SignalReader.RequireDimensions(context, _dimensions);
        if (!context.Domain.IsGrid || context.InputDimension > 2)
            throw new ArgumentException($"A code of cosines needs samples that fill a grid of one or two axes; the signal is {context}.", nameof(context));
        if (context.Channels > PictureHeader.MostChannels || context.SampleCount > PictureHeader.MostSamples || context.SampleCount * context.Channels > Array.MaxLength)
            throw new ArgumentException($"A code of cosines holds at most {PictureHeader.MostSamples} samples of {PictureHeader.MostChannels} values; the signal is {context}.", nameof(context));
        var monitor = new FitMonitor(_options.Threads, progress, cancellation: cancellationToken);
        var job = new CodingJob(context, _options.Refinements, monitor);
        var status = FitStatus.Completed;
        CodedSignal coded;
        try
        {
            coded = Code(context, job);
            monitor.Finish(coded.Error);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            coded = job.BestSoFar;
            status = FitStatus.Cancelled;
        }

        var (target, domain) = CompressedFourierTarget.FromPicture(coded.Bytes, coded.Picture);
        var stored = new StoredParameters(target.Layout, [TensorStorage.Bytes(coded.Bytes)]);
        int size = coded.Bytes.Length + PrefixBytes;
        return new FitResult
        {
            Representation = new ImplicitRepresentation(target, stored, domain) { Format = context.Format },
            Status = status,
            Message = $"{(status == FitStatus.Cancelled ? "Cancelled. " : "")}Coded in {size} bytes, {8.0 * size / context.SampleCount:F3} bits a sample, {coded.Picture.Boxes.Length} boxes.",
            Steps = 0,
            Loss = coded.Error,
            Elapsed = monitor.Elapsed,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private CodedSignal Code(Signal context, CodingJob job)
    {
        if (_options.Lossless)
            return job.CodeExact() ?? throw new ArgumentException($"A signal is kept without loss where it fills a grid of two axes and its samples are up to {ExactColors.MostChannels} whole numbers of 8 or 16 bits; the signal is {context}.");
        if (_options.Psnr is { } psnr)
        {
            double goal = Math.Pow(10, -psnr / 10);
            var (found, extreme) = GoalSearch.Run(Math.Sqrt(12 * goal), goal, falls: false, step => Measured(step, c => c.Error));
            return found ?? throw new ArgumentException($"A PSNR of {psnr} dB cannot be reached for this signal ({context}); the best is {-10 * Math.Log10(extreme):F2} dB.");
        }

        if (_options.FileBytes is null && _options.BitsPerSample is null)
            return job.Code((Half)(_options.Step ?? Math.Pow(2, (50 - _options.Quality) / 10) / 64), isLast: true);
        double bytes = _options.FileBytes ?? Math.Floor(_options.BitsPerSample!.Value * context.SampleCount / 8);
        var (best, least) = GoalSearch.Run(FirstStep, bytes, falls: true, step => Measured(step, c => c.Bytes.Length + PrefixBytes));
        return best ?? throw new ArgumentException($"This signal ({context}) cannot be coded in {bytes} bytes; the smallest file has {least}.");

        (CodedSignal Result, double Measure) Measured(Half step, Func<CodedSignal, double> measure)
        {
            var coded = job.Code(step, isLast: false);
            return (coded, measure(coded));
        }
    }
}
