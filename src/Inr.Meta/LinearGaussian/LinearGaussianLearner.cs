using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Inr.Files;

namespace Inr.Meta;

/// <summary>A Gaussian prior over the linear part of θ, learned in closed form: mean and principal components of the training signals, and the posterior of a new one.</summary>
/// <remarks>
/// The model is <c>f = Φ(x)·(μ + U·z)</c>, <c>z ~ N(0, Λ)</c>, with white noise for what n components leave. Signals on one grid
/// are decomposed exactly (principal components: Pearson 1901; Tipping and Bishop 1999 for the noise); scattered or unequal
/// ones are completed and decomposed in turn (expectation-maximization with missing values, drawn from the posterior: Dempster, Laird
/// and Rubin 1977; Celeux and Diebolt 1985). A new signal gets the mean of its posterior, and with <see cref="Infer(Signal)"/> its variance;
/// with a perceptron's last layer this is ALPaCA (Harrison, Sharma and Pavone 2018) with a low-rank prior and given features.
/// <code>
/// using var learner = new LinearGaussianLearner(new CosineTarget(3, [64, 64]), new() { Components = 512, MirrorAxis = 1 });
/// learner.Train(faces);
/// using var fit = learner.Fit(fewPixels);             // the most likely face
/// using var posterior = learner.Infer(fewPixels);     // and an error bar for every pixel
/// </code>
/// Adapting from several threads at once is safe; training is not.
/// </remarks>
public sealed class LinearGaussianLearner : IMetaLearner
{
    /// <summary>The kind in files.</summary>
    public const string Kind = "linear-gaussian";

    private const string ThetaPrefix = "theta.";

    // A variance below it is none: values are of the order of one.
    private const double LeastNoise = 1e-10;

    private readonly ILinearFeatures _features;
    private readonly ParameterSet _theta;
    private LinearGaussianOptions _options;
    private (SignalDomain Domain, SampleSystem System)? _grid;
    private readonly object _gridLock = new();

    /// <summary>Creates an untrained learner: its prior is zero with unit noise.</summary>
    /// <param name="target">A target function that is linear in some of its parameters by features: a <see cref="ILinearFeatures"/>, or a perceptron with a linear output.</param>
    /// <param name="options">Components and how they are learned; copied.</param>
    /// <param name="initial">θ whose non-linear parameters give the features, copied, without a batch axis; drawn from the seed by default.</param>
    /// <param name="device">Where the learner runs; CPU by default.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    /// <exception cref="ArgumentException">The target is not linear in features, or a mirror does more to them than change signs.</exception>
    public LinearGaussianLearner(ITargetFunction target, LinearGaussianOptions? options = null, ParameterSet? initial = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= new LinearGaussianOptions();
        new LinearGaussianOptionsValidator().ThrowIfInvalid(options);
        Target = target;
        _options = options;
        _features = Resolve(target, options);
        using var scope = NewDisposeScope();
        using var generator = new Generator(unchecked((ulong)options.Seed));
        var start = initial ?? (target as ITrainableTarget ?? throw new ArgumentException($"'{target.Description.Kind}' draws no θ of its own; give one.", nameof(target))).Initialize(generator, device);
        if (!start.Layout.IsCompatibleWith(target.Layout) || start.BatchSize is not null)
            throw new ArgumentException($"The initial parameters must be those of the target ({target.Layout}) without a batch axis.", nameof(initial));
        _theta = start.To(float32).DetachFromDisposeScope();
        Prior = GaussianPrior.Untrained(_features.FeatureCount, target.OutputDimension, Components, _theta.Device);
    }

    /// <summary>The target function whose θ the learner yields.</summary>
    public ITargetFunction Target { get; }

    ITargetFunction? ISignalFitter.Target => Target;

    /// <summary>Components n: the numbers that tell a signal from others, <see cref="LinearGaussianOptions.Components"/> or what the signals support.</summary>
    public int Components => _options.Components;

    /// <inheritdoc/>
    public MetaLearnerDescription Description => new(Kind, new JsonObject
    {
        ["components"] = _options.Components,
        ["mirrorAxis"] = _options.MirrorAxis,
        ["noise"] = _options.Noise,
        ["rounds"] = _options.Rounds,
        ["lattice"] = _options.Lattice is { } lattice ? new JsonArray([.. lattice.Select(n => (JsonNode)n)]) : null,
    }, Target.Description);

    /// <summary>The weights: <c>mean</c> [F,c], <c>basis</c> [F,c,n], <c>variances</c> [n], <c>noise</c> [1], and <c>theta.…</c>, the parameters that make the features.</summary>
    public IReadOnlyList<MetaWeight> Weights =>
    [
        .. _theta.Layout.Zip(_theta.Tensors).Where(p => !_features.LinearParameters.Contains(p.First.Name)).Select(p => new MetaWeight(ThetaPrefix + p.First.Name, p.Second)),
        new("mean", Prior.Mean), new("basis", Prior.Basis), new("variances", Prior.Variances), new("noise", Prior.Noise),
    ];

    /// <inheritdoc/>
    public SignalDomain? TrainedOn { get; set; }

    /// <summary>The mean square of a value that mean and components leave unexplained, as training found it.</summary>
    public double Unexplained => Prior.Noise.item<float>();

    internal GaussianPrior Prior { get; private set; }

    /// <summary>Plans the untrained learner of a description.</summary>
    /// <exception cref="ArgumentException">An option is missing or invalid.</exception>
    public static MetaLearnerPlan Plan(MetaLearnerDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        var target = TargetRegistry.Create(description.Target);
        var options = new LinearGaussianOptions
        {
            Components = description.Options.Int("components"),
            MirrorAxis = description.Options.IntOrNull("mirrorAxis"),
            Noise = description.Options.NumberOrNull("noise"),
            Rounds = description.Options.Int("rounds"),
            Lattice = description.Options.Has("lattice") ? description.Options.List<int>("lattice") : null,
        };
        new LinearGaussianOptionsValidator().ThrowIfInvalid(options);
        var features = Resolve(target, options);
        long f = features.FeatureCount, c = target.OutputDimension, n = options.Components;
        return new MetaLearnerPlan(
            new ParameterLayout(
            [
                .. target.Layout.Where(s => !features.LinearParameters.Contains(s.Name)).Select(s => new ParameterSpec(ThetaPrefix + s.Name, s.Shape, s.Role, s.IsTrainable)),
                new("mean", [f, c], ParameterRole.Coefficient), new("basis", [f, c, n], ParameterRole.Coefficient),
                new("variances", [n], ParameterRole.Coefficient), new("noise", [1], ParameterRole.Coefficient),
            ]),
            device => new LinearGaussianLearner(target, options, device: device));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// One pass where the rows fit in <see cref="MetaTrainingOptions.CacheBytes"/>. Steps, rates and batches of the options have no
    /// meaning here; the seed, the token, the time limit of expectation-maximization and the held-out signals do. Cancelled, the weights stay as they were.
    /// </remarks>
    public MetaTrainingResult Train(ISignalDataset signals, MetaTrainingOptions? options = null, IProgress<MetaTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signals);
        if (signals.Count == 0)
            throw new ArgumentException("There is no signal to learn from.", nameof(signals));
        options ??= new MetaTrainingOptions();
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var training = new PriorTraining(_features, _theta, _options, signals, options, progress, cancellationToken);
        var found = training.Run();
        if (found is not { } learned)
        {
            return new MetaTrainingResult
            {
                Status = MetaTrainingStatus.Cancelled,
                Message = "Cancelled; the prior is as it was.",
                Steps = 0,
                Loss = double.NaN,
                Elapsed = clock.Elapsed,
                History = training.History,
                Skipped = training.Skipped,
            };
        }

        Prior.Dispose();
        Prior = learned.Prior.Detach();
        ForgetGrid();
        int asked = _options.Components;
        _options = _options with { Components = (int)Prior.Count };
        TrainedOn = learned.Domain;
        string fewer = asked > Components ? $" The signals support {Components} of the {asked} components that were asked for." : "";
        return new MetaTrainingResult
        {
            Status = MetaTrainingStatus.Completed,
            Message = string.Create(CultureInfo.InvariantCulture, $"{Components} components of {training.Count} signals in {clock.Elapsed.TotalSeconds:0.0} s; they leave {-10 * Math.Log10(Math.Max(Unexplained, LeastNoise)):0.00} dB.{fewer}"),
            Steps = training.Passes,
            Loss = Unexplained,
            HeldOutPsnr = HeldOut(options),
            Elapsed = clock.Elapsed,
            History = training.History,
            Skipped = training.Skipped,
            TrainedOn = TrainedOn,
        };
    }

    /// <inheritdoc/>
    public ParameterSet Adapt(SignalBatch context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var z = stack([.. Solve(context).Select(s => s.Components)]);
        return Parameters(z).MoveToOuterDisposeScope();
    }

    /// <summary>The posterior of one signal: its components and their variance, which give an error bar at every place.</summary>
    /// <param name="context">The samples that are known; the caller keeps them.</param>
    /// <returns>The posterior; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The signal does not fit the target function.</exception>
    public LinearGaussianPosterior Infer(Signal context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var batch = SignalBatch.Of(context);
        return Infer(batch);
    }

    /// <summary>The posterior of the one signal of a batch; a batch without samples gives the prior itself.</summary>
    /// <param name="context">B = 1 signal with N ≥ 0 samples; the caller keeps it.</param>
    /// <returns>The posterior; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The signal does not fit the target function, or there are several.</exception>
    public LinearGaussianPosterior Infer(SignalBatch context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Count != 1)
            throw new ArgumentException($"A posterior is that of one signal; the batch has {context.Count}.", nameof(context));
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (components, system, noise) = Solve(context)[0];
        return new LinearGaussianPosterior(this, components, system, noise);
    }

    /// <summary>The posterior where nothing was seen: the prior mean with its variance.</summary>
    /// <returns>The posterior; the caller owns it.</returns>
    public LinearGaussianPosterior Infer()
    {
        using var nothing = new SignalBatch(zeros([0, Target.InputDimension], float32, _theta.Device), zeros([1, 0, Target.OutputDimension], float32, _theta.Device));
        return Infer(nothing);
    }

    /// <inheritdoc/>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var batch = SignalBatch.Of(context);
        var theta = Parameters(Solve(batch)[0].Components.unsqueeze(0)).Select(0);
        var representation = new ImplicitRepresentation(Target, theta, context.Domain) { Format = context.Format };
        using var bound = Target.Bind(theta);
        var values = context.Domain.IsGrid ? bound.Render([.. context.Domain.GridShape]) : bound.Evaluate(context.Coordinates.to(float32).to(theta.Device));
        double loss = (values - context.Values.to(float32).to(theta.Device)).square().mean().to(float64).item<double>();
        bool cancelled = cancellationToken.IsCancellationRequested;
        return new FitResult
        {
            Representation = representation,
            Status = cancelled ? FitStatus.Cancelled : FitStatus.Completed,
            Message = string.Create(CultureInfo.InvariantCulture, $"{Components} components: {-10 * Math.Log10(loss):0.00} dB on the samples in {clock.Elapsed.TotalSeconds:0.00} s."),
            Steps = 0,
            Loss = loss,
            Elapsed = clock.Elapsed,
        };
    }

    /// <summary>The numbers of one signal alone, n of them: with the learner they are the whole representation.</summary>
    /// <param name="context">The samples to fit; the caller keeps them.</param>
    /// <returns>The code; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The signal does not fit the target function.</exception>
    public LatentCode FitLatent(Signal context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var posterior = Infer(context);
        return new LatentCode(posterior.Components.cpu().clone(), context.Domain, Hash()) { Format = context.Format };
    }

    /// <summary>The representation that a code stands for.</summary>
    /// <param name="code">A code of this learner; the caller keeps it.</param>
    /// <returns>The representation on the learner's device; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The code is that of another learner, or of other weights of this one.</exception>
    public ImplicitRepresentation Decode(LatentCode code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (code.FloatCount != Components || code.Domain.Dimension != Target.InputDimension || code.Learner != Hash())
            throw new ArgumentException($"The code ({code.FloatCount} numbers, {code.Domain}) belongs to the learner {code.Learner}, this one has {Components} components. Load the learner as it was when the code was made.", nameof(code));
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return new ImplicitRepresentation(Target, Parameters(code.Numbers.to(float32).to(_theta.Device).unsqueeze(0)).Select(0), code.Domain) { Format = code.Format };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ForgetGrid();
        Prior.Dispose();
        _theta.Dispose();
    }

    internal Tensor Features(Tensor coordinates) => _features.LinearFeatures(_theta, coordinates);

    private static ILinearFeatures Resolve(ITargetFunction target, LinearGaussianOptions options)
    {
        var features = target as ILinearFeatures ?? (target is ILastLayerFeatures { LastLayer.IsLinear: true } last
            ? new LastLayerFeatures(last)
            : throw new ArgumentException($"A linear-Gaussian prior needs a target that is linear in features; '{target.Description.Kind}' is not. Use cosine, cell-fourier, or a perceptron with a linear output.", nameof(target)));
        if (options.MirrorAxis is { } axis)
        {
            if (axis >= target.InputDimension)
                throw new ArgumentException($"The mirror axis is {axis}, but '{target.Description.Kind}' has {target.InputDimension} axes, from 0.", nameof(options));
            using var signs = features.ReflectionSigns(axis);
            if (signs is null)
                throw new ArgumentException($"A mirror turns the features of '{target.Description.Kind}' into others. Use the target cosine, or train on mirrored signals too.", nameof(options));
        }

        if (options.Lattice is { } lattice && lattice.Count != target.InputDimension)
            throw new ArgumentException($"The lattice has {lattice.Count} axes, but '{target.Description.Kind}' has {target.InputDimension}.", nameof(options));
        return features;
    }

    private string Hash() => LearnerHash.Of(Weights, Kind);

    // θ of B signals from their components [B,n].
    private ParameterSet Parameters(Tensor components)
    {
        var coefficients = Prior.Mean + components.mm(Prior.Flat.transpose(0, 1)).reshape(components.shape[0], Prior.Mean.shape[0], Prior.Mean.shape[1]);
        return _features.WithLinear(_theta, coefficients).Map((_, t) => t.clone());
    }

    private double? HeldOut(MetaTrainingOptions options)
    {
        if (options.HeldOut is not { } held)
            return null;
        var psnr = new List<double>();
        for (int i = 0; i < Math.Min(held.Count, options.HeldOutLimit); i++)
        {
            try
            {
                using var signal = held.Load(i);
                using var fit = Fit(signal);
                psnr.Add(fit.Psnr);
            }
            catch (SignalLoadException)
            {
                // The caller's list of skipped signals is about those of the training.
            }
        }

        return psnr.Count == 0 ? null : psnr.Average();
    }

    private List<(Tensor Components, SampleSystem System, double Noise)> Solve(SignalBatch context)
    {
        SignalMismatchException.ThrowIfOther(Target.InputDimension, Target.OutputDimension, context.Coordinates.shape[^1], context.Values.shape[2], "the signals have", nameof(context));
        var device = _theta.Device;
        var scale = Prior.Variances.sqrt();
        var result = new List<(Tensor, SampleSystem, double)>();
        var values = context.Values.to(float32).to(device);
        if (context.Domain.IsGrid && context.Mask is null)
        {
            int[] shape = [.. context.Domain.GridShape];
            var system = OnGrid(context.Domain);
            var rest = values - _features.RenderLinear(_theta, shape, Prior.Mean.unsqueeze(0));
            // √Λ·Uᵀ·Φᵀ·r of all signals.
            var right = _features.ProjectLinear(_theta, shape, rest).reshape(values.shape[0], -1).mm(Prior.Flat) * scale;
            for (long b = 0; b < values.shape[0]; b++)
                result.Add(Solved(system, right[b], rest[b].square().sum(type: float64).item<double>(), rest[b].numel(), scale));
            return result;
        }

        for (long b = 0; b < values.shape[0]; b++)
        {
            var places = (context.Coordinates.dim() == 3 ? context.Coordinates[b] : context.Coordinates).to(float32).to(device);
            var seen = values[b];
            if (context.Mask is not null)
            {
                var real = context.Mask[b].to(device).gt(0).nonzero().squeeze(1);
                (places, seen) = (places.index_select(0, real), seen.index_select(0, real));
            }

            var features = Features(places);
            var rest = (seen - features.mm(Prior.Mean)).reshape(-1);
            var rows = features.mm(Prior.Basis.reshape(features.shape[1], -1)).reshape(-1, Prior.Count) * scale;
            var system = SampleSystem.Of(rows);
            result.Add(Solved(system, rows.transpose(0, 1).mv(rest), rest.square().sum(type: float64).item<double>(), rest.shape[0], scale));
        }

        return result;
    }

    private (Tensor Components, SampleSystem System, double Noise) Solved(SampleSystem system, Tensor right, double energy, long count, Tensor scale)
    {
        var b = system.Directions is null ? right : system.Directions.transpose(0, 1).mv(right);
        double least = Math.Max(Prior.Noise.item<float>(), LeastNoise);
        double noise = _options.Noise is { } given ? (given * given) + least
            : count == 0 ? least
            : Evidence.Noise(system.Spectrum.cpu().data<double>().ToArray(), b.to(float64).cpu().data<double>().ToArray(), energy, count, least);
        var weighted = (b.to(float64) / (system.Spectrum + noise)).to(float32);
        var z = (system.Directions is null ? weighted : system.Directions.mv(weighted)) * scale;
        return (z, system, noise);
    }

    // The system of the last grid is kept: signals of one size come one after the other.
    private SampleSystem OnGrid(SignalDomain domain)
    {
        lock (_gridLock)
        {
            if (_grid is { } kept && kept.Domain.Equals(domain))
                return kept.System;
            using var scope = NewDisposeScope();
            int[] shape = [.. domain.GridShape];
            SampleSystem system;
            if (_features.IsOrthonormalOn(shape))
            {
                system = SampleSystem.Orthonormal(Prior, domain.SampleCount);
            }
            else
            {
                var rows = _features.RenderLinear(_theta, shape, Prior.Basis.permute(2, 0, 1)).reshape(Prior.Count, -1).transpose(0, 1);
                system = SampleSystem.Of(rows * Prior.Variances.sqrt());
            }

            // The former one may be in use by another thread; the collector frees it.
            _grid = (domain, system.Detach());
            return system;
        }
    }

    private void ForgetGrid()
    {
        _grid?.System.Dispose();
        _grid = null;
    }
}
