using System.Diagnostics;
using System.Globalization;
using Inr.Optimization;

namespace Inr;

/// <summary>Fits θ to one signal by gradient descent on the mean squared error.</summary>
/// <remarks>
/// The fitter is an immutable description: <see cref="Initialize"/> gives a state, <see cref="Step"/> maps (θ, state) to
/// (θ', state') and changes nothing that it is given. <see cref="Fit"/> is a loop over steps that keeps the best state;
/// test-time optimisation is the same loop from another start (<see cref="FitFrom"/>). It may be used from several
/// threads at once: it touches no process-wide random state.
/// </remarks>
public sealed class GradientFitter : ISignalFitter
{
    private const int CpuSamplesPerPass = 8_192;
    private const int DeviceSamplesPerPass = 262_144;

    // A loss this many times the signal's own power is taken for divergence: sines stay finite where the fit is lost.
    private const double DivergenceFactor = 1_000;

    private readonly GradientFitterOptions _options;
    private readonly IOptimizer _optimizer;
    private readonly double _learningRate;

    // Null where the optimiser moves every trainable tensor.
    private readonly LinearSplit? _split;

    /// <summary>Creates a fitter.</summary>
    /// <param name="target">The target function.</param>
    /// <param name="options">How to run; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    /// <exception cref="ArgumentException"><see cref="GradientFitterOptions.SolveLinearPart"/> is set and the target is linear in none of its parameters.</exception>
    public GradientFitter(ITargetFunction target, GradientFitterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= new GradientFitterOptions();
        new GradientFitterOptionsValidator().ThrowIfInvalid(options);
        Target = target;
        _options = options.Copy();
        _split = _options.SolveLinearPart ? new LinearSplit(target, nameof(GradientFitterOptions.SolveLinearPart)) : null;
        _optimizer = _options.CustomOptimizer ?? Create(_options);
        bool lineSearch = _optimizer is LbfgsOptimizer;
        _learningRate = _options.LearningRate
            ?? (lineSearch ? 1 : (target as ISuggestsLearningRate)?.SuggestedLearningRate ?? 1e-3);
        if (lineSearch)
            _options.Schedule = LearningRateSchedule.Constant;
    }

    /// <summary>The target function.</summary>
    public ITargetFunction Target { get; }

    ITargetFunction? ISignalFitter.Target => Target;

    private Device Device => _options.Device ?? CPU;

    private int SamplesPerPass => _options.SamplesPerPass ?? (Device.type == DeviceType.CPU ? CpuSamplesPerPass : DeviceSamplesPerPass);

    /// <summary>The state before the first step.</summary>
    /// <param name="parameters">θ to start from, without a batch axis.</param>
    public GradientFitState Initialize(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var scope = NewDisposeScope();
        return new GradientFitState(0, _optimizer.Initialize(Moved(parameters)), null).DetachFromDisposeScope();
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
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        double rate = _learningRate * _options.Schedule.Factor(state.Step, _options.Steps);
        var (updated, optimizer, value) = _optimizer.Step(Moved(parameters), state.Optimizer, Loss(parameters, context, state.Step), rate);
        return (WithMoved(parameters, updated).MoveToOuterDisposeScope(),
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
    /// <param name="cancellationToken">Ends the fit within a step.</param>
    public FitResult FitFrom(ParameterSet initial, Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(initial);
        Require(context);
        var clock = Stopwatch.StartNew();
        using var moved = context.Values.IsOn(Device) && context.Values.dtype == initial.ScalarType
            ? null
            : context.To(Device, initial.ScalarType);
        var signal = moved ?? context;

        var run = new FitRun(this, signal, context.Domain, clock, initial.To(Device).DetachFromDisposeScope());
        return run.Execute(progress, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing to release: the fitter is a description. The interface is disposable for learners that hold weights.
    }

    private Tensor[] Moved(ParameterSet parameters) => _split?.Free(parameters) ?? parameters.Trainable();

    private ParameterSet WithMoved(ParameterSet parameters, IReadOnlyList<Tensor> moved) =>
        _split?.WithFree(parameters, moved) ?? parameters.WithTrainable(moved);

    private Objective Loss(ParameterSet parameters, Signal context, int step)
    {
        var drawn = Draw(context, step);
        if (_split is not null)
        {
            var (x, y) = drawn ?? (context.Coordinates, context.Values);
            return new VariableProjection(_split, parameters, x, y, SamplesPerPass, _options.SolveRidge).WithGradient;
        }

        var error = drawn is { } d ? new MeanSquaredError(Target, d.X, d.Y, SamplesPerPass) : new MeanSquaredError(Target, context, SamplesPerPass);
        return moved => error.WithGradient(moved, parameters.WithTrainable);
    }

    private static IOptimizer Create(GradientFitterOptions o) => o.Optimizer switch
    {
        OptimizerKind.Adam => new FirstOrderOptimizer(new AdamRule(weightDecay: o.WeightDecay), o.ClipNorm),
        OptimizerKind.AdamW => new FirstOrderOptimizer(new AdamRule(weightDecay: o.WeightDecay, decoupledDecay: true), o.ClipNorm),
        OptimizerKind.Sgd => new FirstOrderOptimizer(new SgdRule(o.Momentum, o.WeightDecay), o.ClipNorm),
        _ => new LbfgsOptimizer(),
    };

    private void Require(Signal context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.InputDimension != Target.InputDimension || context.Channels != Target.OutputDimension)
            throw new ArgumentException($"The target maps {Target.InputDimension} coordinates to {Target.OutputDimension} values; the signal ({context}) has {context.InputDimension} and {context.Channels}.", nameof(context));
    }

    // A minibatch, or null for all samples. A generator per step, from seed and step: a state needs no random stream to be resumed exactly.
    private (Tensor X, Tensor Y)? Draw(Signal context, int step)
    {
        if (_options.BatchSize is not { } size || size >= context.SampleCount)
            return null;
        using var generator = new Generator(unchecked((ulong)_options.Seed * 0x9E3779B97F4A7C15UL + (ulong)step));
        var index = randint(0, context.SampleCount, [size], dtype: int64, generator: generator).to(context.Values.device);
        return (context.CoordinatesAt(index), context.Values.index_select(0, index));
    }

    /// <summary>The mutable bookkeeping of one <see cref="FitFrom"/>: current and best parameters, losses, status.</summary>
    private sealed class FitRun
    {
        private readonly GradientFitter _fitter;
        private readonly Signal _signal;
        private readonly SignalDomain _domain;
        private readonly Stopwatch _clock;
        private readonly List<(int Step, double Loss)> _history = [];

        // Whether the loss that a step sees is that of θ over all samples.
        private readonly bool _stepsJudge;
        private readonly bool _fullBatch;
        private readonly double _tooLarge;
        private ParameterSet _current;
        private ParameterSet? _best;
        private double _bestLoss = double.PositiveInfinity;
        private int _done;

        public FitRun(GradientFitter fitter, Signal signal, SignalDomain domain, Stopwatch clock, ParameterSet initial)
        {
            _fitter = fitter;
            _signal = signal;
            _domain = domain;
            _clock = clock;
            _current = initial;
            _fullBatch = fitter._options.BatchSize is not { } size || size >= signal.SampleCount;
            _stepsJudge = _fullBatch && fitter._split is null;
            _tooLarge = DivergenceFactor * Math.Max(Power(signal), 1e-6);
        }

        public FitResult Execute(IProgress<FitProgress>? progress, CancellationToken cancellationToken)
        {
            var options = _fitter._options;
            double target = options.TargetPsnr is { } psnr ? Math.Pow(10, -psnr / 10) : double.NegativeInfinity;
            var status = FitStatus.Completed;
            GradientFitState? state = null;
            // Whether the last step saw the target reached at parameters that only an evaluation completes.
            bool promising = false;
            try
            {
                state = _fitter.Initialize(_current);
                while (_done < options.Steps)
                {
                    if (cancellationToken.IsCancellationRequested)
                    {
                        status = FitStatus.Cancelled;
                        break;
                    }

                    bool evaluates = promising || _done % options.EvaluateEvery == 0;
                    if (!_stepsJudge && evaluates && Judge(FullLoss()) <= target)
                    {
                        status = FitStatus.TargetReached;
                        break;
                    }

                    var (next, nextState) = _fitter.Step(_current, state, _signal);
                    state.Dispose();
                    state = nextState;
                    double loss = state.Loss;
                    RequireFinite(loss, next);
                    if (_stepsJudge && Judge(loss) <= target)
                    {
                        next.Dispose();
                        status = FitStatus.TargetReached;
                        break;
                    }

                    Replace(next);
                    _done++;
                    promising = _fullBatch && loss <= target;
                    if (evaluates)
                    {
                        _history.Add((_done, loss));
                        progress?.Report(new FitProgress(_done, options.Steps, loss, _clock.Elapsed));
                    }
                }

                if (status != FitStatus.TargetReached)
                {
                    double last = FullLoss();
                    if (!double.IsFinite(last) && _best is null)
                        RequireFinite(last, null);
                    if (Judge(last) <= target && status == FitStatus.Completed)
                        status = FitStatus.TargetReached;
                }

                progress?.Report(new FitProgress(_done, options.Steps, _bestLoss, _clock.Elapsed));
                return Result(status);
            }
            finally
            {
                state?.Dispose();
                if (!ReferenceEquals(_current, _best))
                    _current.Dispose();
            }
        }

        // The mean square of the values, in pieces: in double the whole signal would take two or three times its memory.
        private static double Power(Signal signal)
        {
            double sum = 0;
            for (long start = 0; start < signal.SampleCount; start += DeviceSamplesPerPass)
            {
                using var scope = NewDisposeScope();
                var piece = signal.Values.narrow(0, start, Math.Min(DeviceSamplesPerPass, signal.SampleCount - start)).to(ScalarType.Float64);
                sum += Number.Of((piece * piece).sum());
            }

            return sum / signal.Values.numel();
        }

        // The loss over all samples, once the linear part is solved on them where it is to be.
        private double FullLoss()
        {
            if (_fitter._split is { } split)
            {
                using var scope = NewDisposeScope();
                var projection = new VariableProjection(split, _current, _signal.Coordinates, _signal.Values, _fitter.SamplesPerPass, _fitter._options.SolveRidge);
                if (projection.Solve(_current) is not { } solved)
                    return double.NaN;
                Replace(solved.Clone().DetachFromDisposeScope());
            }

            return new MeanSquaredError(_fitter.Target, _signal, _fitter.SamplesPerPass).Value(_current);
        }

        // Keeps the current parameters as the best where their loss is the lowest so far.
        private double Judge(double loss)
        {
            if (loss < _bestLoss)
            {
                if (!ReferenceEquals(_best, _current))
                    _best?.Dispose();
                _best = _current;
                _bestLoss = loss;
            }

            return loss;
        }

        private void Replace(ParameterSet next)
        {
            if (!ReferenceEquals(_current, _best))
                _current.Dispose();
            _current = next;
        }

        private void RequireFinite(double loss, ParameterSet? next)
        {
            if (double.IsFinite(loss) && loss <= _tooLarge)
                return;
            next?.Dispose();
            string rate = _fitter._learningRate.ToString("0.####", CultureInfo.InvariantCulture);
            throw new DivergedException(_done + 1, loss,
                $"Lower the learning rate (now {rate}; try a tenth), add a warm-up, or clip gradients.",
                _best is null ? null : Result(FitStatus.Completed));
        }

        private FitResult Result(FitStatus status)
        {
            var best = _best ?? _current;
            _best = best;
            var result = new FitResult
            {
                Representation = new ImplicitRepresentation(_fitter.Target, best, _domain),
                Status = status,
                Message = "",
                Steps = _done,
                Loss = _bestLoss,
                Elapsed = _clock.Elapsed,
                History = _history,
            };
            string how = status switch
            {
                FitStatus.TargetReached => "The target PSNR was reached",
                FitStatus.Cancelled => "Cancelled; this is the best state so far",
                _ => "All steps were done",
            };
            return result with { Message = string.Create(CultureInfo.InvariantCulture, $"{how}: {result.Psnr:0.00} dB after {_done} steps in {_clock.Elapsed.TotalSeconds:0.0} s.") };
        }
    }
}
