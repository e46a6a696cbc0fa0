using System.Diagnostics;
using System.Globalization;

namespace Inr.Meta;

/// <summary>The gradient-based meta-learner: an initialization, step sizes or a modulated network from which a few gradient steps fit a signal.</summary>
/// <remarks>
/// One scheme with named axes (what adapts × inner update × step sizes × outer gradient); <see cref="GradientMethods"/>
/// has the published members: MAML, first-order MAML, ANIL, Meta-SGD, MetaSDF, Reptile, CAVIA, functa, COIN++, GradNCP.
/// <code>
/// using var learner = new GradientMetaLearner(new Siren(2, 3), GradientMethods.MetaSgd());
/// learner.Train(faces);
/// using var theta = learner.Adapt(batch);      // θ of B signals after the trained number of steps
/// using var fit = learner.Fit(photo);          // one signal
/// using var code = learner.FitLatent(photo);   // what differs from signal to signal, alone
/// </code>
/// All tasks of a batch go through the target in one call. Signals of different sizes are padded and masked. Adapting from
/// several threads at once is safe; training is not.
/// </remarks>
public sealed class GradientMetaLearner : IMetaLearner
{
    /// <summary>The kind in files.</summary>
    public const string Kind = "gradient";

    private readonly GradientMetaOptions _options;
    private readonly AdaptationSpace _space;
    private readonly StepSizes _sizes;
    private readonly InnerLoop _loop;
    private readonly ScalarType _dtype;
    private readonly Device _device;
    private readonly IReadOnlyList<string> _solved;

    /// <summary>Creates an untrained learner.</summary>
    /// <param name="target">The target function.</param>
    /// <param name="options">The member of the family, copied; MAML by default.</param>
    /// <param name="initial">θ to start learning from, copied, without a batch axis; its type and device become those of the learner. Drawn from the seed by default.</param>
    /// <param name="device">Where the learner runs if it draws θ itself; CPU by default.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    /// <exception cref="ArgumentException">The target lacks what the options need; the message lists what it has.</exception>
    public GradientMetaLearner(ITargetFunction target, GradientMetaOptions? options = null, ParameterSet? initial = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= GradientMethods.Maml();
        new GradientMetaOptionsValidator().ThrowIfInvalid(options);
        Target = target;
        _options = options;
        _solved = Solved(target, _options);
        using var scope = NewDisposeScope();
        using var generator = new Generator(unchecked((ulong)_options.Seed));
        var start = initial ?? target.Initialize(generator, device);
        if (!start.Layout.IsCompatibleWith(target.Layout) || start.BatchSize is not null)
            throw new ArgumentException($"The initial parameters must be those of the target ({target.Layout}) without a batch axis.", nameof(initial));
        _dtype = start.ScalarType;
        _device = start.Device;
        _space = _options.Adapt == AdaptedPart.Latent
            ? LatentSpace.Create(start, _options, _solved, generator)
            : DirectSpace.Create(start, _options, _solved);
        _sizes = new StepSizes(_options, _space.TensorSizes, _dtype, _device, generator);
        _loop = new InnerLoop(target, _space, _sizes, _options);
        Weights = [.. _space.Weights, .. _sizes.Weights];
    }

    /// <summary>The target function whose θ the learner yields.</summary>
    public ITargetFunction Target { get; }

    ITargetFunction? ISignalFitter.Target => Target;

    /// <inheritdoc/>
    public MetaLearnerDescription Description => new(Kind, GradientMetaOptionsJson.Write(_options), Target.Description);

    /// <summary>The weights: <c>initial</c> (what adapts, end to end in the order of the layout), <c>shared</c> and <c>frozen</c> (what does not), <c>map.weight</c> and <c>map.bias</c> (of a latent), <c>step_sizes</c>; those that the member of the family has.</summary>
    public IReadOnlyList<MetaWeight> Weights { get; }

    /// <summary>The inner steps that training uses, and adaptation where nobody asks for another number.</summary>
    public int InnerSteps => _options.InnerSteps;

    /// <summary>The numbers that differ from signal to signal: what a store of many signals keeps beside one learner.</summary>
    public long AdaptedFloatCount => _space.TensorSizes.Sum();

    // In the order of the layout, which is that of a code.
    private IEnumerable<ParameterSpec> SolvedSpecs => Target.Layout.Where(spec => _solved.Contains(spec.Name));

    /// <summary>Rebuilds an untrained learner from its description.</summary>
    /// <exception cref="ArgumentException">An option is missing or invalid.</exception>
    public static GradientMetaLearner FromDescription(MetaLearnerDescription description, Device? device = null) => (GradientMetaLearner)Plan(description).Create(device);

    /// <summary>Plans the untrained learner of a description.</summary>
    /// <exception cref="ArgumentException">An option is missing or invalid.</exception>
    public static MetaLearnerPlan Plan(MetaLearnerDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        var target = TargetRegistry.Create(description.Target);
        var options = GradientMetaOptionsJson.Read(description.Options);
        new GradientMetaOptionsValidator().ThrowIfInvalid(options);
        var space = SpacePlan.Of(target.Layout, options, Solved(target, options));
        return new MetaLearnerPlan(
            new ParameterLayout([.. space.Weights, .. StepSizes.Specs(options, space.TensorSizes)]),
            device => new GradientMetaLearner(target, options, device: device));
    }

    /// <inheritdoc/>
    public SignalDomain? TrainedOn { get; set; }

    /// <inheritdoc/>
    public MetaTrainingResult Train(ISignalDataset signals, MetaTrainingOptions? options = null, IProgress<MetaTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var result = new MetaTrainer(AsObjective(), options).Run(signals, progress, cancellationToken);
        TrainedOn = result.TrainedOn ?? TrainedDomain.Of(signals);
        return result;
    }

    /// <inheritdoc/>
    public ParameterSet Adapt(SignalBatch context) => Adapt(context, _options.InnerSteps);

    /// <summary>θ for each signal of a batch after a number of inner steps.</summary>
    /// <param name="context">B signals; the caller keeps them.</param>
    /// <param name="steps">Inner steps; 0 gives the initialization.</param>
    /// <returns>θ with a batch axis B, without a graph; a signal whose adaptation diverged has its best state. The caller owns it.</returns>
    /// <exception cref="ArgumentException">The signals do not fit the target.</exception>
    public ParameterSet Adapt(SignalBatch context, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        Require(context);
        using var scope = NewDisposeScope();
        using var moved = Moved(context);
        return new Adaptation(_loop, GradientObjective.AdaptationSeed(_options)).RunInPieces(moved ?? context, steps, _options.SamplesPerPiece).Parameters.MoveToOuterDisposeScope();
    }

    /// <summary>Adapts to one signal, then takes the extra gradient steps that the options ask for.</summary>
    /// <inheritdoc/>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Fit(context, _options.InnerSteps, progress, cancellationToken);
    }

    /// <summary>Adapts to one signal with a number of inner steps, then takes the extra gradient steps that the options ask for.</summary>
    /// <param name="context">The samples to fit; the caller keeps them.</param>
    /// <param name="steps">Inner steps.</param>
    /// <param name="progress">Told after each step where the fit stands.</param>
    /// <param name="cancellationToken">Ends the fit within a step; the best state so far is returned.</param>
    /// <returns>The result; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The signal does not fit the target function.</exception>
    /// <exception cref="DivergedException">The learner's own initialization gives NaN or infinite numbers.</exception>
    public FitResult Fit(Signal context, int steps, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        using var batch = SignalBatch.Of(context);
        Require(batch);
        var clock = Stopwatch.StartNew();
        int total = steps + _options.OptimizeSteps;
        var history = new List<(int Step, double Loss)>();
        using var scope = NewDisposeScope();
        using var moved = Moved(batch);
        var adaptation = new Adaptation(_loop, GradientObjective.AdaptationSeed(_options), keepBest: true);
        var (adapted, _, losses, done) = adaptation.Run(moved ?? batch, steps, (step, before) =>
        {
            if (step > 0)
            {
                double value = before.to(float64).item<double>();
                history.Add((step, value));
                progress?.Report(new FitProgress(step, total, value, clock.Elapsed));
            }

            return !cancellationToken.IsCancellationRequested;
        });
        double loss = RequireFinite(losses, done);
        if (_options.OptimizeSteps > 0 && !cancellationToken.IsCancellationRequested)
            return Optimize(adapted.Select(0), context, done, history, clock, progress, cancellationToken);

        var status = cancellationToken.IsCancellationRequested ? FitStatus.Cancelled : FitStatus.Completed;
        var result = new FitResult
        {
            Representation = new ImplicitRepresentation(Target, adapted.Select(0), context.Domain) { Format = context.Format },
            Status = status,
            Message = "",
            Steps = done,
            Loss = loss,
            Engine = adaptation.Engine,
            Elapsed = clock.Elapsed,
            History = history,
        };
        string how = status == FitStatus.Cancelled ? "Cancelled; this is the state so far" : "Adapted";
        return result with { Message = string.Create(CultureInfo.InvariantCulture, $"{how}: {result.Psnr:0.00} dB after {done} inner steps in {clock.Elapsed.TotalSeconds:0.00} s.") };
    }

    /// <summary>Adapts to one signal and keeps φ alone, the numbers that differ from signal to signal: how functa and COIN++ store it.</summary>
    /// <remarks>
    /// <see cref="Decode"/> gives back the representation of <see cref="Fit(Signal, int, IProgress{FitProgress}, CancellationToken)"/>, bit for bit. The extra gradient
    /// steps of <see cref="GradientMetaOptions.OptimizeSteps"/> are left out, because they change all of θ. With
    /// <see cref="GradientMetaOptions.SolveLinearPart"/> the solved numbers follow φ: they too belong to the signal alone.
    /// </remarks>
    /// <param name="context">The samples to fit; the caller keeps them.</param>
    /// <param name="steps">Inner steps; the trained number by default.</param>
    /// <param name="cancellationToken">Ends the adaptation within a step.</param>
    /// <returns>The code; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The signal does not fit the target function.</exception>
    /// <exception cref="DivergedException">The learner's own initialization gives NaN or infinite numbers.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public LatentCode FitLatent(Signal context, int? steps = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNegative(steps ?? 0, nameof(steps));
        using var batch = SignalBatch.Of(context);
        Require(batch);
        using var scope = NewDisposeScope();
        using var moved = Moved(batch);
        var (parameters, adapted, losses, done) = new Adaptation(_loop, GradientObjective.AdaptationSeed(_options), keepBest: true)
            .Run(moved ?? batch, steps ?? _options.InnerSteps, (_, _) => !cancellationToken.IsCancellationRequested);
        cancellationToken.ThrowIfCancellationRequested();
        RequireFinite(losses, done);
        var numbers = cat([adapted.reshape(-1), .. SolvedSpecs.Select(spec => parameters[spec.Name].reshape(-1))]).cpu();
        return new LatentCode(numbers, context.Domain, LearnerHash.Of(Weights, _options)) { Format = context.Format };
    }

    /// <summary>The representation that a code stands for.</summary>
    /// <param name="code">A code of this learner, as <see cref="FitLatent"/> or a file gives it; the caller keeps it.</param>
    /// <returns>The representation on the learner's device; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The code is that of another learner, or of other weights of this one.</exception>
    public ImplicitRepresentation Decode(LatentCode code)
    {
        ArgumentNullException.ThrowIfNull(code);
        string own = LearnerHash.Of(Weights, _options);
        long solvedCount = SolvedSpecs.Sum(spec => spec.Count);
        if (code.Learner != own || code.FloatCount != AdaptedFloatCount + solvedCount || code.Domain.Dimension != Target.InputDimension)
            throw new ArgumentException($"The code ({code.FloatCount} numbers, {code.Domain}) belongs to the learner {code.Learner}, this one is {own} with {AdaptedFloatCount + solvedCount}. Load the learner as it was when the code was made; training it further makes another one of it.", nameof(code));
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var numbers = code.Numbers.to(_dtype, _device);
        var parameters = _space.Assemble(numbers.narrow(0, 0, AdaptedFloatCount).unsqueeze(0), withGraph: false);
        long offset = AdaptedFloatCount;
        parameters = parameters.Map((spec, tensor) =>
        {
            if (!_solved.Contains(spec.Name))
                return tensor;
            var solved = numbers.narrow(0, offset, spec.Count).reshape([1, .. spec.Shape]);
            offset += spec.Count;
            return solved;
        });
        return new ImplicitRepresentation(Target, parameters.Select(0), code.Domain) { Format = code.Format };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _space.Dispose();
        _sizes.Dispose();
    }

    /// <summary>What <see cref="MetaTrainer"/> sees of this learner: for an outer loop of your own. It changes the learner's weights.</summary>
    public IMetaObjective AsObjective()
    {
        var description = Description;
        string configuration = $"{description.Kind} {description.Options.ToJsonString()} {description.Target.Kind} {description.Target.Options.ToJsonString()} {_dtype}";
        return new GradientObjective(_loop, _sizes, _options, Weights, configuration, batch =>
        {
            Require(batch.Context);
            Require(batch.Query);
        });
    }

    // What a closed form finds, where the options ask for it.
    private static IReadOnlyList<string> Solved(ITargetFunction target, GradientMetaOptions options)
    {
        if (!options.SolveLinearPart)
            return [];
        return target is ILinearInParameters { LinearParameters: { Count: > 0 } solved }
            ? solved
            : throw new ArgumentException($"SolveLinearPart needs a target that is linear in some of its parameters; {target.Description.Kind} is not (its parameters: {target.Layout}).", nameof(options));
    }

    private FitResult Optimize(ParameterSet adapted, Signal context, int done, List<(int Step, double Loss)> history, Stopwatch clock, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        using var fitter = new GradientFitter(Target, new GradientFitterOptions
        {
            Steps = _options.OptimizeSteps,
            LearningRate = _options.OptimizeLearningRate,
            Device = _device,
            Seed = _options.Seed,
        });
        var shifted = progress is null ? null : new ShiftedProgress(progress, done, clock);
        var result = fitter.FitFrom(adapted, context, shifted, cancellationToken);
        return result with
        {
            Steps = done + result.Steps,
            Elapsed = clock.Elapsed,
            History = [.. history, .. result.History.Select(h => (h.Step + done, h.Loss))],
            Message = string.Create(CultureInfo.InvariantCulture, $"Adapted in {done} inner steps, then optimized: {result.Psnr:0.00} dB after {result.Steps} more in {clock.Elapsed.TotalSeconds:0.00} s."),
        };
    }

    private static double RequireFinite(Tensor losses, int done)
    {
        double loss = losses.to(float64).item<double>();
        return double.IsFinite(loss)
            ? loss
            : throw new DivergedException(done, loss, "The meta-learned initialization itself does not fit this signal's numbers; train it again, or scale the values to about [0,1].");
    }

    private SignalBatch? Moved(SignalBatch batch)
    {
        if (batch.Values.IsOn(_device) && batch.Values.dtype == _dtype && batch.Coordinates.dtype == _dtype)
            return null;
        return new SignalBatch(
            batch.Coordinates.to(_dtype, _device, copy: true),
            batch.Values.to(_dtype, _device, copy: true),
            batch.Mask?.to(_dtype, _device, copy: true),
            batch.Domain);
    }

    private void Require(SignalBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        SignalMismatchException.ThrowIfOther(Target.InputDimension, Target.OutputDimension, batch.Coordinates.shape[^1], batch.Values.shape[2], "the signals have", nameof(batch));
        if (batch.SampleCount == 0)
            throw new ArgumentException("The signals have no sample.", nameof(batch));
    }

    /// <summary>Counts the inner steps into the progress of the optimization that follows them.</summary>
    private sealed class ShiftedProgress : IProgress<FitProgress>
    {
        private readonly IProgress<FitProgress> _inner;
        private readonly int _done;
        private readonly Stopwatch _clock;

        public ShiftedProgress(IProgress<FitProgress> inner, int done, Stopwatch clock)
        {
            _inner = inner;
            _done = done;
            _clock = clock;
        }

        public void Report(FitProgress value) => _inner.Report(new FitProgress(value.Step + _done, value.TotalSteps + _done, value.Loss, _clock.Elapsed));
    }
}
