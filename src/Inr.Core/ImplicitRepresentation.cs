namespace Inr;

/// <summary>A signal as a function: target, parameters θ and the domain it was fitted on.</summary>
/// <remarks>
/// It owns θ, and binds it once (<see cref="ITargetFunction.Bind"/>) when it is first evaluated: a change of θ in place after
/// that is not followed. Evaluation and rendering may be called from several threads.
/// </remarks>
public sealed class ImplicitRepresentation : IDisposable
{
    /// <summary>Evaluation in chunks of this many samples bounds the memory of a large render.</summary>
    public const int DefaultChunk = BoundFunction.DefaultChunk;

    // A render that can be stopped asks after so many samples first.
    private const long FirstBand = 1 << 14;

    private static readonly TimeSpan ShortBand = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongBand = TimeSpan.FromMilliseconds(30);

    private readonly object _gate = new();
    private readonly Device? _device;
    private ParameterSet? _parameters;
    private BoundFunction? _function;
    private bool _disposed;

    /// <summary>Creates a representation that takes ownership of the parameters and keeps them as plain numbers.</summary>
    /// <param name="target">The architecture.</param>
    /// <param name="parameters">θ of that architecture, without a batch axis.</param>
    /// <param name="domain">Where the signal was sampled.</param>
    /// <exception cref="ArgumentException">θ does not fit the target, has a batch axis, or the dimensions differ.</exception>
    public ImplicitRepresentation(ITargetFunction target, ParameterSet parameters, SignalDomain domain)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(domain);
        if (!parameters.Layout.IsCompatibleWith(target.Layout))
            throw new ArgumentException($"The parameters ({parameters.Layout}) are not those of the target ({target.Layout}).", nameof(parameters));
        if (parameters.BatchSize is not null)
            throw new ArgumentException($"A representation holds one function; the parameters have a batch of {parameters.BatchSize}. Use Select.", nameof(parameters));
        RequireDimension(target, domain);
        Target = target;
        Domain = domain;
        Stored = StoredParameters.Dense(parameters);
        _parameters = parameters.DetachFromDisposeScope();
    }

    /// <summary>Creates a representation that takes ownership of stored parameters.</summary>
    /// <param name="target">The architecture.</param>
    /// <param name="stored">θ of that architecture as it is kept; decoded when it is first asked for.</param>
    /// <param name="domain">Where the signal was sampled.</param>
    /// <param name="device">Where θ lives once it is decoded; where the storage has it, by default, which is the CPU as a rule.</param>
    /// <exception cref="ArgumentException">θ does not fit the target, or the dimensions differ.</exception>
    public ImplicitRepresentation(ITargetFunction target, StoredParameters stored, SignalDomain domain, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(domain);
        if (!stored.Layout.IsCompatibleWith(target.Layout))
            throw new ArgumentException($"The parameters ({stored.Layout}) are not those of the target ({target.Layout}).", nameof(stored));
        RequireDimension(target, domain);
        Target = target;
        Domain = domain;
        Stored = stored;
        _device = device;
    }

    // Who decoded already hands the numbers over.
    internal ImplicitRepresentation(ITargetFunction target, StoredParameters stored, ParameterSet decoded, SignalDomain domain)
        : this(target, stored, domain, decoded.Device) => _parameters = decoded.DetachFromDisposeScope();

    /// <summary>The architecture.</summary>
    public ITargetFunction Target { get; }

    /// <summary>How θ is kept: what <see cref="Save(string)"/> writes.</summary>
    public StoredParameters Stored { get; }

    /// <summary>The parameters θ, decoded when they are first asked for; the representation keeps them. They count as immutable.</summary>
    public ParameterSet Parameters
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return _parameters ??= Stored.Decode(_device).DetachFromDisposeScope();
            }
        }
    }

    /// <summary>Where the signal was sampled.</summary>
    public SignalDomain Domain { get; }

    /// <summary>How the file of the signal stores its samples: what renders are written as by default; null where nothing is known.</summary>
    public SampleFormat? Format { get; init; }

    /// <summary>The count of stored numbers, as <see cref="TensorStorage"/> counts them: what stands beside every PSNR.</summary>
    public long FloatCount => Stored.NumbersStored;

    /// <summary>The count of stored bits, as <see cref="TensorStorage"/> counts them.</summary>
    public long BitCount => Stored.BitsStored;

    /// <summary>The function of this θ, prepared when it is first asked for; the representation owns it.</summary>
    public BoundFunction Function
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return _function ??= Target.Bind(Parameters);
            }
        }
    }

    /// <summary>Evaluates the function without gradients.</summary>
    /// <param name="coordinates">Shape [N,d].</param>
    /// <param name="chunk">Samples at once; it bounds the memory.</param>
    /// <returns>Shape [N,c].</returns>
    /// <exception cref="ArgumentException">The shape, the type or the device does not fit; the message says how.</exception>
    public Tensor Evaluate(Tensor coordinates, int chunk = DefaultChunk) => Function.Evaluate(coordinates, chunk);

    /// <summary>The derivatives of every value in every coordinate.</summary>
    /// <param name="coordinates">Shape [N,d].</param>
    /// <param name="chunk">Samples at once; it bounds the memory.</param>
    /// <returns>Shape [N,c,d]: entry (n,k,a) is ∂f_k/∂x_a at sample n.</returns>
    /// <exception cref="ArgumentException">The shape, the type or the device does not fit; the message says how.</exception>
    public Tensor Jacobian(Tensor coordinates, int chunk = BoundFunction.DefaultJacobianChunk) => Function.Jacobian(coordinates, chunk);

    /// <summary>Renders the function on a grid of any size.</summary>
    /// <param name="shape">Samples on each axis; the size it was fitted at by default.</param>
    /// <remarks>The signal makes its coordinates only when asked for them.</remarks>
    /// <returns>The samples as a signal on that grid; the caller owns it.</returns>
    /// <exception cref="ArgumentException">No shape was given and the domain is scattered, or the number of axes differs.</exception>
    /// <exception cref="InrException">The function has no finite value at a sample: its parameters are too large.</exception>
    public Signal Render(params ReadOnlySpan<int> shape)
    {
        if (shape.Length == 0)
        {
            if (!Domain.IsGrid)
                throw new ArgumentException("The signal was scattered: say how many samples to render on each axis.", nameof(shape));
            shape = Domain.GridShape.ToArray();
        }

        using var scope = NewDisposeScope();
        return Rendered(Function.Render(shape).to(CPU), SignalDomain.Grid(shape), FormatOf(shape, 1));
    }

    /// <summary>Renders the function on a grid of any size, and can be stopped on the way.</summary>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="cancellationToken">Asked between bands of rows, each of which takes some ten milliseconds.</param>
    /// <returns>The samples as a signal on that grid, in the memory of the CPU; the caller owns it. They are those of <see cref="Render(ReadOnlySpan{int})"/> up to rounding.</returns>
    /// <exception cref="ArgumentException">The number of axes differs, or an axis has no sample.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Signal Render(ReadOnlySpan<int> shape, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var domain = SignalDomain.Grid(shape);
        if (!cancellationToken.CanBeCanceled || domain.SampleCount <= FirstBand || shape.Length != Target.InputDimension)
            return Render(shape);
        using var scope = NewDisposeScope();
        int rows = shape[0];
        long rowSamples = domain.SampleCount / rows;
        var values = empty([domain.SampleCount, Target.OutputDimension], Function.ScalarType, CPU);
        var band = shape.ToArray();
        var window = new (double Low, double High)[band.Length];
        Array.Fill(window, (-1.0, 1.0));
        long count = Math.Max(1, FirstBand / rowSamples);
        var clock = new System.Diagnostics.Stopwatch();
        for (long start = 0; start < rows; start += band[0])
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var piece = NewDisposeScope();
            band[0] = (int)Math.Min(count, rows - start);
            window[0] = (-1 + 2.0 * start / rows, -1 + 2.0 * (start + band[0]) / rows);
            clock.Restart();
            values.narrow(0, start * rowSamples, band[0] * rowSamples).copy_(Function.Render(band, window));
            // What a target prepares for each band weighs less in a larger one.
            if (clock.Elapsed < ShortBand)
                count *= 2;
            else if (clock.Elapsed > LongBand)
                count = Math.Max(1, count / 2);
        }

        return Rendered(values, domain, FormatOf(shape, 1));
    }

    /// <summary>Renders a window of the domain on a grid of any size: a zoom.</summary>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="window">The interval of each axis in the coordinates of the domain, which is [-1,1]^d; low ≤ high.</param>
    /// <returns>The samples as a signal on a grid of its own, as a cut-out picture is a picture; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The numbers of axes differ, an axis has no sample, or an interval is not one.</exception>
    public Signal Render(ReadOnlySpan<int> shape, ReadOnlySpan<(double Low, double High)> window)
    {
        using var scope = NewDisposeScope();
        return Rendered(Function.Render(shape, window).to(CPU), SignalDomain.Grid(shape), FormatOf(shape, window.Length == 1 ? (window[0].High - window[0].Low) / 2 : 1));
    }

    /// <summary>The same function with θ kept in another way; a lossy one changes it.</summary>
    /// <param name="store">The storage of each tensor, from its description and its numbers, such as <c>(spec, t) => TensorStorage.Quantized(t, 8)</c>.</param>
    /// <returns>A representation of its own; the caller owns it.</returns>
    /// <exception cref="ArgumentException">A storage does not fit its tensor.</exception>
    public ImplicitRepresentation WithStorage(Func<ParameterSpec, Tensor, TensorStorage> store) =>
        new(Target, StoredParameters.Of(Parameters, store), Domain, Parameters.Device) { Format = Format };

    /// <summary>The same function in few bytes: whole numbers times a step for each tensor, in the stream of a range coder. It loads to the same bits everywhere.</summary>
    /// <param name="options">How small or how exact; by default within 0.1 dB of the PSNR against the signal, or without one within 50 dB of the function as it is.</param>
    /// <param name="signal">What the function was fitted to: errors are judged against it, and the numbers are tuned to it. The caller keeps it.</param>
    /// <param name="progress">Told where the tuning stands.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <remarks>
    /// Works for any target function with derivatives in θ. Steps follow the Gauss–Newton diagonal, codes are chosen by error and bits, and exact zeros of
    /// a pruned tensor stay. The file is a compact form (<c>docs/file-formats.md</c>): no JSON, no padding.
    /// </remarks>
    /// <returns>A representation of its own; the caller owns it.</returns>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    /// <exception cref="ArgumentException">The signal is none of this function, or an option needs one.</exception>
    /// <exception cref="InrException">The target cannot be reached; the message says the nearest.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ImplicitRepresentation Compress(CompressionOptions? options = null, Signal? signal = null, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        using var compressor = new Compressor(this, options ?? new CompressionOptions(), signal, progress, cancellationToken);
        return compressor.Run();
    }

    /// <summary>Saves the representation as an <c>.inr</c> file; one that exists is replaced only when the new one is complete.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="ArgumentException">The file is named as a picture, a sound or a table is.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    /// <exception cref="InrException">θ holds NaN or infinite numbers, or is neither float32 nor float64.</exception>
    public void Save(string path) => InrFile.Save(this, path);

    /// <summary>Writes the representation to a stream, as an <c>.inr</c> file has it.</summary>
    /// <param name="stream">A stream at the place where the file begins; it stays open.</param>
    /// <exception cref="InrException">θ holds NaN or infinite numbers, or is neither float32 nor float64.</exception>
    public void Save(Stream stream) => InrFile.Save(this, stream);

    /// <summary>Loads an <c>.inr</c> file: the same θ bit for bit.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where θ lives; CPU by default.</param>
    /// <returns>The representation; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, of a newer format, or names an unknown target function; the message says which.</exception>
    public static ImplicitRepresentation Load(string path, Device? device = null) => InrFile.Load(path, device);

    /// <summary>Reads an <c>.inr</c> file from the current position of a stream to its end.</summary>
    /// <param name="stream">It stays open; one that cannot seek is copied into memory first.</param>
    /// <param name="device">Where θ lives; CPU by default.</param>
    /// <returns>The representation; the caller owns it.</returns>
    /// <exception cref="InrFileException">The data are damaged, of a newer format, or name an unknown target function; the message says which.</exception>
    public static ImplicitRepresentation Load(Stream stream, Device? device = null) => InrFile.Load(stream, device);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _function?.Dispose();
            _parameters?.Dispose();
            Stored.Dispose();
        }
    }

    // Finite parameters can be so large that sums of them are not.
    private static Signal Rendered(Tensor values, SignalDomain grid, SampleFormat? format) => Shapes.IsFinite(values)
        ? Signal.OnGrid(values, grid, format: format)
        : throw new InrException("The function has no finite value at some of the samples: its parameters are too large. The file is damaged, or the fit diverged; fit again, for example with a lower learning rate.");

    // More samples of the same seconds are more samples per second.
    private SampleFormat? FormatOf(ReadOnlySpan<int> shape, double share)
    {
        if (Format is not { SampleRate: > 0 } || Domain.GridShape is not [int own] || shape[0] == own && share == 1)
            return Format;
        double rate = Math.Round((double)Format.SampleRate * shape[0] / (own * share));
        return Format.WithRate(rate is >= 1 and <= int.MaxValue ? (int)rate : 0);
    }

    private static void RequireDimension(ITargetFunction target, SignalDomain domain)
    {
        if (domain.Dimension != target.InputDimension)
            throw new ArgumentException($"The target takes {target.InputDimension} coordinates but the domain is {domain}.", nameof(domain));
    }
}
