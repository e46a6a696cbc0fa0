using System.Diagnostics;
using System.Globalization;
using Inr.Losses;
using Inr.Optimization;

namespace Inr;

/// <summary>Fits θ to one signal by gradient descent on a <see cref="Losses.Loss"/>: the mean squared error, unless the options say otherwise.</summary>
/// <remarks>
/// The fitter is an immutable description: <see cref="Initialize"/> gives a state, <see cref="Step"/> maps (θ, state) to
/// (θ', state') and changes nothing that it is given. <see cref="Fit"/> is a <see cref="StepLoop"/> that keeps the best state;
/// test-time optimization is the same loop from another start (<see cref="FitFrom"/>). It may be used from several
/// threads at once: it touches no process-wide random state.
/// </remarks>
public sealed class GradientFitter : ISignalFitter
{
    private const double SmallestScale = 1e-6;
    private const int ScalePiece = 262_144;

    // How long a fit that was cancelled may still look at its last state.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.4);
    private const string LibTorch = "libtorch";

    private readonly GradientFitterOptions _options;
    private readonly IOptimizer _optimizer;
    private readonly LossFunction _loss;
    private readonly double _learningRate;

    /// <summary>Creates a fitter.</summary>
    /// <param name="target">The target function.</param>
    /// <param name="options">How to run; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    /// <exception cref="ArgumentException"><see cref="GradientFitterOptions.SolveLinearPart"/> is set, and the target is linear in none of its parameters or the loss is no least-squares problem in them.</exception>
    public GradientFitter(ITargetFunction target, GradientFitterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= new GradientFitterOptions();
        new GradientFitterOptionsValidator().ThrowIfInvalid(options);
        Target = target;
        _options = options.Optimizer == OptimizerKind.Lbfgs || options.CustomOptimizer is LbfgsOptimizer
            // A line search finds its own step.
            ? options with { Schedule = LearningRateSchedule.Constant }
            : options;
        _loss = LossOn(_options.Mask);
        _optimizer = _options.CustomOptimizer ?? Create(_options);
        _learningRate = _options.LearningRate
            ?? (HasLineSearch ? 1 : (target as ISuggestsLearningRate)?.SuggestedLearningRate ?? 1e-3);
    }

    /// <summary>The target function.</summary>
    public ITargetFunction Target { get; }

    ITargetFunction? ISignalFitter.Target => Target;

    private Device Device => _options.Device ?? CPU;

    private bool HasLineSearch => _optimizer is LbfgsOptimizer;

    /// <summary>The state before the first step.</summary>
    /// <param name="parameters">θ to start from, without a batch axis.</param>
    public GradientFitState Initialize(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var scope = NewDisposeScope();
        return new GradientFitState(0, _optimizer.Initialize(_loss.Moved(parameters)), null).DetachFromDisposeScope();
    }

    /// <summary>One step. Nothing that is passed in is changed; θ' and state' are the caller's.</summary>
    /// <remarks>With <see cref="GradientFitterOptions.SolveLinearPart"/> the step moves the other parameters only; <see cref="Fit"/> solves for θ.</remarks>
    /// <param name="parameters">θ.</param>
    /// <param name="state">The state that belongs to θ.</param>
    /// <param name="context">The samples, on the device of θ.</param>
    /// <returns>θ' and the state after the step, whose <see cref="GradientFitState.Loss"/> is the one at θ.</returns>
    public (ParameterSet Parameters, GradientFitState State) Step(ParameterSet parameters, GradientFitState state, Signal context)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(state);
        Require(context);
        using var scope = NewDisposeScope();
        double rate = _learningRate * _options.Schedule.Factor(state.Step, _options.Steps);
        var (updated, optimizer, value) = _optimizer.Step(_loss.Moved(parameters), state.Optimizer, LossOf(_loss, parameters, context, state.Step), rate);
        return (_loss.WithMoved(parameters, updated).MoveToOuterDisposeScope(),
            new GradientFitState(state.Step + 1, optimizer, value).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var generator = new Generator((ulong)_options.Seed);
        using var initial = Target.Initialize(generator, Device);
        return FitFrom(initial, context, progress, cancellationToken);
    }

    /// <summary>Fits from given parameters instead of fresh ones.</summary>
    /// <param name="initial">θ to start from; the caller keeps it.</param>
    /// <param name="context">The samples to fit.</param>
    /// <param name="progress">Told every <see cref="GradientFitterOptions.EvaluateEvery"/> steps where the fit stands.</param>
    /// <param name="cancellationToken">Ends the fit within a step; the best state that was judged by then is returned.</param>
    /// <exception cref="OperationCanceledException">It was cancelled before a state was judged.</exception>
    public FitResult FitFrom(ParameterSet initial, Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(initial);
        Require(context);
        var clock = Stopwatch.StartNew();
        using var moved = context.Values.IsOn(Device) && context.Values.dtype == initial.ScalarType
            ? null
            : context.To(Device, initial.ScalarType);
        var signal = moved ?? context;
        using var theta = initial.To(Device).DetachFromDisposeScope();
        string? engine = null;
        using var sparse = new SparseLoss(this, theta);
        // A look at all samples of a large picture takes many seconds.
        using var late = new CancellationTokenSource();
        using var impatience = cancellationToken.Register(() => late.CancelAfter(Patience));
        using var end = Loop(theta, signal, sparse, late.Token).Run(_loss.Moved(theta), step => LossOf(sparse.Current, theta, signal, step, by => engine = by, cancellationToken), progress, clock, cancellationToken);
        if (end.Divergence is { } lost)
        {
            throw new DivergedException(lost.Step, lost.Loss,
                $"Lower the learning rate (now {Text(_learningRate)}; try a tenth), add a warm-up, or clip gradients.",
                end.Tensors is null ? null : Result(sparse, end, theta, signal, context, clock) with { Engine = engine });
        }

        if (end.Tensors is null)
            throw new OperationCanceledException("The fit was cancelled before its weights were pruned to the density that was asked for.", cancellationToken);
        return Result(sparse, end, theta, signal, context, clock) with { Engine = engine };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing to release: the fitter is a description. The interface is disposable for learners that hold weights.
    }

    private static IOptimizer Create(GradientFitterOptions o) => o.Optimizer switch
    {
        OptimizerKind.Adam => new FirstOrderOptimizer(new AdamRule(weightDecay: o.WeightDecay), o.ClipNorm),
        OptimizerKind.AdamW => new FirstOrderOptimizer(new AdamRule(weightDecay: o.WeightDecay, decoupledDecay: true), o.ClipNorm),
        OptimizerKind.Sgd => new FirstOrderOptimizer(new SgdRule(o.Momentum, o.WeightDecay), o.ClipNorm),
        _ => new LbfgsOptimizer(),
    };

    private LossFunction LossOn(ParameterMask? mask) =>
        new(Target, _options.Loss, _options.SolveLinearPart ? _options.Ridge : null, _options.SamplesPerPiece, mask);

    // A rate of 1e-5 must not be written as 0.
    private static string Text(double rate) => rate.ToString(rate is >= 1e-3 and < 1e6 ? "0.####" : "0.###e-0", CultureInfo.InvariantCulture);

    private void Require(Signal context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _options.Loss.Observation.Require(Target, context.InputDimension, context.Channels, $"signal ({context}) has", nameof(context));
    }

    private bool IsFullBatch(Signal signal) => _options.BatchSize is not { } size || size >= signal.SampleCount;

    private StepLoop Loop(ParameterSet theta, Signal signal, SparseLoss sparse, CancellationToken late) => new()
    {
        Optimizer = _optimizer,
        Steps = _options.Steps,
        LearningRate = _learningRate,
        Schedule = _options.Schedule,
        TimeLimit = _options.TimeLimit,
        TimeSource = _options.TimeSource,
        TargetLoss = _options.TargetPsnr is { } psnr ? Math.Pow(10, -psnr / 10) : null,
        ReportEvery = _options.EvaluateEvery,
        StepLoss = !IsFullBatch(signal) || _options.Loss.IsRandom ? StepLoss.OfSome
            : _options.SolveLinearPart ? StepLoss.OfAll
            : StepLoss.Exact,
        Judge = moved => Judge(sparse.Current, theta, moved, signal, late),
        BeforeStep = _options.Pruning is null ? null : sparse.BeforeStep,
        KeepFrom = _options.Pruning is { } pruning ? pruning.LastRound(_options.Steps) + 1 : 0,
        LossScale = Math.Max(ScaleOf(signal), SmallestScale),
    };

    private LossWithGradient LossOf(LossFunction loss, ParameterSet theta, Signal context, int step, Action<string>? computedBy = null, CancellationToken cancellation = default)
    {
        var samples = Draw(context, step, cancellation);
        return moved =>
        {
            // The same stream for each look at one step; a line search also compares one step with the next.
            using var noise = _options.Loss.IsRandom ? RandomStreams.Create(_options.Seed, RandomStreams.Purpose.Noise, HasLineSearch ? 0 : step) : null;
            var found = loss.Differentiate(moved, loss.Assembly(theta), samples, noise: noise);
            computedBy?.Invoke(found.Kernel ?? LibTorch);
            return (found.Losses, [.. found.Gradients]);
        };
    }

    // A generator per step, from seed and step: a state needs no random stream to be resumed exactly.
    private LossSamples Draw(Signal context, int step, CancellationToken cancellation)
    {
        if (IsFullBatch(context))
            return LossSamples.Of(context).Until(cancellation);
        using var generator = RandomStreams.Create(_options.Seed, RandomStreams.Purpose.Minibatch, step);
        return LossSamples.At(context, randint(0, context.SampleCount, [_options.BatchSize!.Value], dtype: int64, device: CPU, generator: generator).to(context.Values.device)).Until(cancellation);
    }

    // The error of a function that is zero everywhere; of the squared error, the signal's power. In pieces, because in
    // double a large picture is larger than what the fit needs.
    private double ScaleOf(Signal signal)
    {
        double sum = 0;
        for (long start = 0; start < signal.SampleCount; start += ScalePiece)
        {
            using var scope = NewDisposeScope();
            var values = signal.Values.narrow(0, start, Math.Min(ScalePiece, signal.SampleCount - start)).to(ScalarType.Float64);
            sum += _options.Loss.Error.Of(zeros_like(values), values).sum().item<double>();
        }

        return sum / signal.Values.numel();
    }

    private static double Judge(LossFunction loss, ParameterSet theta, IReadOnlyList<Tensor> moved, Signal signal, CancellationToken late)
    {
        using var scope = NewDisposeScope();
        return loss.ValueOf(loss.WithMoved(theta, moved), LossSamples.Of(signal), cancellationToken: late).item<double>();
    }

    private FitResult Result(SparseLoss sparse, StepLoopResult end, ParameterSet theta, Signal signal, Signal context, Stopwatch clock)
    {
        using var scope = NewDisposeScope();
        ParameterSet parameters;
        using (no_grad())
            parameters = sparse.Current.Solve(sparse.Current.WithMoved(theta, end.Tensors!), LossSamples.Of(signal)).Clone();
        var error = _options.Loss with { Terms = [] };
        double Mean(Loss of) => new LossFunction(Target, of, samplesPerPiece: _options.SamplesPerPiece).ValueOf(parameters, LossSamples.Of(signal)).item<double>();
        var result = new FitResult
        {
            Representation = sparse.Represent(parameters, context.InputDimension == Target.InputDimension ? context.Domain : SignalDomain.Scattered(Target.InputDimension), context.Format),
            Status = end.Status,
            Message = "",
            Steps = end.Steps,
            Loss = _options.Loss.Terms.Count == 0 ? end.Loss : Mean(error),
            ErrorName = error.Error.Name,
            Elapsed = clock.Elapsed,
            Spent = _options.TimeLimit is null ? null : end.Spent,
            History = end.History,
        };
        if (!error.IsSquared)
            result = result with { MeanSquaredError = Mean(error with { Error = PointwiseError.Squared }) };
        return result with { Message = Describe(result) };
    }

    private static string Describe(FitResult result)
    {
        string how = result.Status switch
        {
            FitStatus.TargetReached => "The target PSNR was reached",
            FitStatus.Cancelled => "Cancelled; this is the best state so far",
            FitStatus.TimeLimitReached => "The time limit was reached",
            _ => "All steps were done",
        };
        string error = result.ErrorName == PointwiseError.Squared.Name ? "" : string.Create(CultureInfo.InvariantCulture, $" (mean {result.ErrorName} {result.Loss:g3})");
        return string.Create(CultureInfo.InvariantCulture, $"{how}: {result.Psnr:0.00} dB{error} after {result.Steps} step{(result.Steps == 1 ? "" : "s")} in {result.Elapsed.TotalSeconds:0.0} s.");
    }

    /// <summary>The loss of one fit while its mask changes from round to round.</summary>
    private sealed class SparseLoss : IDisposable
    {
        private readonly GradientFitter _fitter;
        private readonly ParameterSet _theta;
        private readonly ParameterMask? _given;
        private ParameterMask? _mask;
        private int _round;

        public SparseLoss(GradientFitter fitter, ParameterSet theta)
        {
            (_fitter, _theta, _given) = (fitter, theta, fitter._options.Mask);
            _mask = _given ?? (fitter._options.Pruning is null ? null : ParameterMask.Full(theta.Layout));
            Current = fitter._loss;
        }

        /// <summary>The loss with the mask as it is now.</summary>
        public LossFunction Current { get; private set; }

        public void BeforeStep(int step, IReadOnlyList<Tensor> moved)
        {
            var options = _fitter._options;
            for (int rounds = options.Pruning!.RoundsBefore(step, options.Steps); rounds > 0; rounds--)
            {
                using var scope = NewDisposeScope();
                var next = options.Pruning.Prune(_mask!, Current.WithMoved(_theta, [.. moved.Select(t => t.alias())]), _round++, options.Seed);
                Release();
                _mask = next;
                Current = _fitter.LossOn(next);
            }
        }

        public ImplicitRepresentation Represent(ParameterSet parameters, SignalDomain domain, SampleFormat? format)
        {
            if (_mask is not { } mask)
                return new ImplicitRepresentation(_fitter.Target, parameters, domain) { Format = format };
            var stored = StoredParameters.Of(parameters, (spec, t) => mask.Store(spec, t));
            return new ImplicitRepresentation(_fitter.Target, stored, domain, parameters.Device) { Format = format };
        }

        public void Dispose() => Release();

        private void Release()
        {
            if (!ReferenceEquals(_mask, _given))
                _mask?.Dispose();
        }
    }
}
