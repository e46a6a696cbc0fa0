using Microsoft.Extensions.Options;

namespace Inr;

/// <summary>Collects a target function and the way to fit it, validates both, and builds the fitter once.</summary>
/// <remarks>
/// <code>
/// using var inr = InrBuilder.ForImages(channels: 3).UseSiren(o => o with { Width = 128 }).Build();
/// using var photo = ImageSignal.Load("photo.png");
/// using var fit = inr.Fit(photo);
/// fit.Representation.Save("photo.inr");
/// </code>
/// Signals and results own tensors: <c>using</c> gives their memory back at once.
/// Each feature adds its own extension method (<c>UseSiren</c>, <c>UsePiecewiseFourier</c>, …), which lives beside the
/// feature; an application adds its own in the same way, on <see cref="UseTarget"/> and <see cref="UseFitter"/>.
/// </remarks>
public sealed class InrBuilder
{
    private readonly IServiceProvider? _services;
    private Func<InrBuilder, ITargetFunction>? _target;
    private Func<InrBuilder, ISignalFitter>? _fitter;
    private Func<GradientFitterOptions, GradientFitterOptions>? _fitWith;
    private bool _built;

    private InrBuilder(int inputDimension, int outputDimension, double suggestedOutputOffset, int? size, IServiceProvider? services)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputDimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputDimension, SignalDomain.MaxDimension);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputDimension, 1);
        if (size is { } s)
            ArgumentOutOfRangeException.ThrowIfLessThan(s, 1, nameof(size));
        InputDimension = inputDimension;
        OutputDimension = outputDimension;
        SuggestedOutputOffset = suggestedOutputOffset;
        Size = size;
        _services = services;
    }

    /// <summary>The number of coordinates d of the signals.</summary>
    public int InputDimension { get; }

    /// <summary>The number of values c of the signals.</summary>
    public int OutputDimension { get; }

    /// <summary>The side of the square images that a meta-learner sees; null where none was said.</summary>
    public int? Size { get; }

    /// <summary>The middle of the signals' values: 0.5 for images, 0 otherwise. Networks add it to their output.</summary>
    public double SuggestedOutputOffset { get; }

    /// <summary>Where the work runs.</summary>
    public InrDevice Device { get; private set; } = InrDevice.Cpu;

    /// <summary>The seed of every random choice.</summary>
    public long Seed { get; private set; }

    /// <summary>Signals that are images: two coordinates (row, column), values in [0,1].</summary>
    /// <param name="channels">1 for grey, 3 for RGB, 4 for RGBA.</param>
    /// <param name="size">The side of the square images that a meta-learner is trained on; not needed otherwise.</param>
    /// <param name="services">Where configured options come from, under dependency injection.</param>
    /// <exception cref="ArgumentOutOfRangeException">The channels are others, or the size is below 1.</exception>
    public static InrBuilder ForImages(int channels = 3, int? size = null, IServiceProvider? services = null) => channels is 1 or 3 or 4
        ? new(2, channels, 0.5, size, services)
        : throw new ArgumentOutOfRangeException(nameof(channels), channels, $"An image has 1 (grey), 3 (RGB) or 4 (RGBA) channels; {nameof(ForSignals)} takes signals of any.");

    /// <summary>Signals that are sound: one coordinate, values in [-1,1].</summary>
    /// <param name="channels">1 for mono, 2 for stereo.</param>
    /// <param name="services">Where configured options come from, under dependency injection.</param>
    public static InrBuilder ForAudio(int channels = 1, IServiceProvider? services = null) => new(1, channels, 0, null, services);

    /// <summary>Signals of any kind.</summary>
    /// <param name="inputDimension">The number of coordinates d, 1 to 8.</param>
    /// <param name="outputDimension">The number of values c.</param>
    /// <param name="services">Where configured options come from, under dependency injection.</param>
    public static InrBuilder ForSignals(int inputDimension, int outputDimension, IServiceProvider? services = null) =>
        new(inputDimension, outputDimension, 0, null, services);

    /// <summary>Runs on a device; the CPU by default.</summary>
    public InrBuilder OnDevice(InrDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        RequireOpen();
        Device = device;
        return this;
    }

    /// <summary>Seeds every random choice; 0 by default.</summary>
    public InrBuilder WithSeed(long seed)
    {
        RequireOpen();
        Seed = seed;
        return this;
    }

    /// <summary>Sets how gradient descent fits the target function.</summary>
    /// <param name="change">Gives the changed options, as <c>o => o with { Steps = 500 }</c>; the seed and the device of the builder are set afterwards.</param>
    /// <exception cref="OptionsValidationException">An option is invalid.</exception>
    public InrBuilder FitWith(Func<GradientFitterOptions, GradientFitterOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        RequireOpen();
        // Here rather than in Build, so that the call that is wrong is the one that throws.
        _ = CreateOptions(change, new GradientFitterOptionsValidator());
        _fitWith = change;
        return this;
    }

    /// <summary>Uses a target function, to be fitted by gradient descent.</summary>
    /// <param name="create">Makes it when the builder builds.</param>
    /// <exception cref="InvalidOperationException">A target or a fitter was chosen before.</exception>
    public InrBuilder UseTarget(Func<InrBuilder, ITargetFunction> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        RequireOpen();
        RequireFirst();
        _target = create;
        return this;
    }

    /// <summary>Uses a fitter of its own, such as a closed form.</summary>
    /// <param name="create">Makes it when the builder builds.</param>
    /// <exception cref="InvalidOperationException">A target or a fitter was chosen before.</exception>
    public InrBuilder UseFitter(Func<InrBuilder, ISignalFitter> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        RequireOpen();
        RequireFirst();
        _fitter = create;
        return this;
    }

    /// <summary>Options for a feature: the defaults, then what dependency injection configured, then what the caller changes; validated.</summary>
    /// <param name="change">Gives the changed options, as <c>o => o with { Width = 128 }</c>; may be null.</param>
    /// <param name="validator">The one validator of the options record.</param>
    /// <param name="defaults">What to start from where the builder or a named method knows better than the record.</param>
    /// <exception cref="OptionsValidationException">An option is invalid; the message names it, its value and the allowed range.</exception>
    public TOptions CreateOptions<TOptions>(Func<TOptions, TOptions>? change, IValidateOptions<TOptions> validator, Func<TOptions>? defaults = null)
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(validator);
        var options = defaults?.Invoke() ?? new TOptions();
        // A section of the configuration is bound into the object, which nobody else has seen yet.
        foreach (var bound in Services<IConfigureOptions<TOptions>>())
            bound.Configure(options);
        foreach (var configured in Services<OptionsChange<TOptions>>())
            options = configured.Apply(options);
        options = change?.Invoke(options) ?? options;
        validator.ThrowIfInvalid(options);
        return options;
    }

    /// <summary>The target function alone, for a meta-learner that brings its own way to fit.</summary>
    /// <exception cref="InvalidOperationException">None was chosen.</exception>
    public ITargetFunction BuildTarget() => _target?.Invoke(this) ?? throw new InvalidOperationException(_fitter is null
        ? "Choose a target function first, such as UseSiren() or UseReluMlp()."
        : "The chosen target has a fitter of its own and no fixed layout; choose another one, such as UseSiren().");

    /// <summary>Builds the fitter. The builder takes no more changes.</summary>
    /// <exception cref="InvalidOperationException">No target was chosen, or the builder has built already.</exception>
    /// <exception cref="DeviceUnavailableException">The device is not there.</exception>
    /// <exception cref="TorchRuntimeException">TorchSharp's native library cannot be loaded; the message says what to add.</exception>
    public ISignalFitter Build()
    {
        RequireOpen();
        if (_target is null && _fitter is null)
            throw new InvalidOperationException("Choose a target function first, such as UseSiren() or UsePiecewiseFourier().");
        // One clear exception where the native library is missing, before anything else touches it.
        TorchRuntime.EnsureLoaded();
        var fitter = _fitter is not null ? _fitter(this) : new GradientFitter(BuildTarget(), Fitting());
        _built = true;
        return fitter;
    }

    /// <summary>The options of gradient descent: what dependency injection and <see cref="FitWith"/> say, with the builder's seed and device.</summary>
    /// <exception cref="OptionsValidationException">An option is invalid.</exception>
    /// <exception cref="DeviceUnavailableException">The device is not there.</exception>
    public GradientFitterOptions Fitting() =>
        CreateOptions(_fitWith, new GradientFitterOptionsValidator()) with { Seed = Seed, Device = Device.Resolve() };

    /// <summary>Requires that nothing was asked for that a closed form cannot honour: steps of gradient descent, or a device other than the CPU.</summary>
    /// <param name="what">What is solved in closed form: the start of the message.</param>
    /// <exception cref="InvalidOperationException"><see cref="FitWith"/> or <see cref="OnDevice"/> asked for it; the message says what to leave out.</exception>
    public void RequireClosedForm(string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(what);
        if (_fitWith is not null)
            throw new InvalidOperationException($"{what} is solved in closed form and takes no steps: leave FitWith out, or choose a target that gradient descent fits, such as UseSiren().");
        // "auto" is a wish that the CPU fulfils.
        if (Device != InrDevice.Cpu && Device != InrDevice.Auto)
            throw new InvalidOperationException($"{what} is solved in closed form, on the CPU: leave OnDevice({Device}) out, or choose a target that gradient descent fits, such as UseSiren().");
    }

    private IEnumerable<T> Services<T>() =>
        (_services?.GetService(typeof(IEnumerable<T>)) as IEnumerable<T>) ?? [];

    private void RequireOpen()
    {
        if (_built)
            throw new InvalidOperationException("This builder has built already; start a new one.");
    }

    private void RequireFirst()
    {
        if (_target is not null || _fitter is not null)
            throw new InvalidOperationException("A target function was chosen before; a builder takes one.");
    }
}
