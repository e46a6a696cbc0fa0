using System.Diagnostics;
using Inr.Optimization;

namespace Inr;

/// <summary>The loop of steps that all gradient methods share: optimizer, schedule, limits, divergence guard, best state, history, progress, cancellation.</summary>
/// <remarks>
/// A description of tensors that move and of a loss that they lower; what the tensors mean is the caller's. Fits, test-time
/// steps and the fits of scenes are configurations of it. The loop runs on the calling thread, and its memory does not grow
/// with the steps.
/// </remarks>
public sealed record StepLoop
{
    // A loss so many times larger than what was there at the start is taken for divergence: sines stay finite where the
    // fit is lost.
    private const double DivergenceFactor = 1_000;

    /// <summary>Turns losses and gradients into steps.</summary>
    public required IOptimizer Optimizer { get; init; }

    /// <summary>The number of steps; at least 0.</summary>
    public required int Steps { get; init; }

    /// <summary>The base learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The learning rate over the steps.</summary>
    /// <value>The default is constant.</value>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Ends the loop after this time, within a step; the schedule follows the time where that ends it before the steps.</summary>
    /// <value>The default is null: no limit.</value>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The clock of <see cref="TimeLimit"/>.</summary>
    /// <value>The default is the wall clock; <see cref="ProcessorTime"/> makes fits comparable on a busy machine.</value>
    public TimeProvider TimeSource { get; init; } = TimeProvider.System;

    /// <summary>Ends the loop once the loss is as low as this.</summary>
    /// <value>The default is null: all steps are done.</value>
    public double? TargetLoss { get; init; }

    /// <summary>Steps between reports, and between judgements where steps do not judge themselves.</summary>
    /// <value>The default is 25; at least 1.</value>
    public int ReportEvery { get; init; } = 25;

    /// <summary>What the loss of a step says.</summary>
    /// <value>The default is <see cref="StepLoss.OfSome"/>.</value>
    public StepLoss StepLoss { get; init; }

    /// <summary>The loss of tensors over all samples; the state where it is lowest is returned. It may throw <see cref="OperationCanceledException"/> once the loop is cancelled.</summary>
    /// <value>The default is null: the last state is returned.</value>
    public Func<IReadOnlyList<Tensor>, double>? Judge { get; init; }

    /// <summary>How large a loss is where nothing was learned, such as the power of the signal. A thousand times the larger of this and the first loss counts as diverged.</summary>
    /// <value>The default is null: only NaN and infinity do.</value>
    public double? LossScale { get; init; }

    /// <summary>Steps between looks at the loss, each of which waits for the device; divergence is noticed at a look.</summary>
    /// <value>The default is 1; null looks never, as a batch wants whose signals must not end one another's steps.</value>
    public int? LookEvery { get; init; } = 1;

    /// <summary>The first step at which a state may be kept as the best one or end the loop by its loss: what came before is no result, such as a network that is not pruned yet.</summary>
    /// <value>The default is 0: all of them.</value>
    public int KeepFrom { get; init; }

    /// <summary>Called before each step with its number, from 0, and the tensors.</summary>
    /// <value>The default is null.</value>
    public Action<int, IReadOnlyList<Tensor>>? BeforeStep { get; init; }

    /// <summary>Runs the loop.</summary>
    /// <param name="initial">The tensors to start from; the caller keeps them.</param>
    /// <param name="loss">Gives the loss of a step, from 0; asked in the dispose scope of the step, so that it may draw samples. It may throw <see cref="OperationCanceledException"/> once the loop is cancelled.</param>
    /// <param name="progress">Told every <see cref="ReportEvery"/> steps, and at the end, where the loop stands.</param>
    /// <param name="clock">Runs since the work began; a new one by default.</param>
    /// <param name="cancellationToken">Ends the loop within a step.</param>
    /// <returns>The tensors and how the loop ended, divergence included; the caller owns it.</returns>
    public StepLoopResult Run(IReadOnlyList<Tensor> initial, Func<int, LossWithGradient> loss, IProgress<FitProgress>? progress = null, Stopwatch? clock = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentOutOfRangeException.ThrowIfNegative(Steps);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReportEvery, 1);
        using var run = new Execution(this, initial, loss, progress, clock ?? Stopwatch.StartNew(), cancellationToken);
        return run.Execute();
    }

    /// <summary>The bookkeeping of one <see cref="Run"/>.</summary>
    private sealed class Execution : IDisposable
    {
        private readonly StepLoop _loop;
        private readonly IReadOnlyList<Tensor> _initial;
        private readonly Func<int, LossWithGradient> _loss;
        private readonly IProgress<FitProgress>? _progress;
        private readonly Stopwatch _clock;
        private readonly long _start;
        private readonly CancellationToken _cancellation;
        private readonly double _target;
        private readonly List<(int Step, double Loss)> _history = [];
        private IReadOnlyList<Tensor> _current;
        private IReadOnlyList<Tensor>? _best;
        private OptimizerState? _state;
        private Tensor? _seen;
        private double _bestLoss = double.PositiveInfinity;
        private double _lastLoss = double.NaN;
        private double _tooLarge = double.PositiveInfinity;
        private TimeSpan? _spent;
        private int _done;

        public Execution(StepLoop loop, IReadOnlyList<Tensor> initial, Func<int, LossWithGradient> loss, IProgress<FitProgress>? progress, Stopwatch clock, CancellationToken cancellation)
        {
            _loop = loop;
            _initial = initial;
            _loss = loss;
            _progress = progress;
            _clock = clock;
            _start = loop.TimeSource.GetTimestamp();
            _cancellation = cancellation;
            _target = loop.TargetLoss ?? double.NegativeInfinity;
            _current = initial;
        }

        // By the clock of the limit.
        private TimeSpan Spent => _loop.TimeSource.GetElapsedTime(_start);

        private bool Judges => _loop.Judge is not null;

        private bool StepsJudge => Judges && _loop.StepLoss == StepLoss.Exact;

        public StepLoopResult Execute()
        {
            using (var scope = NewDisposeScope())
                _state = _loop.Optimizer.Initialize(_current).DetachFromDisposeScope();
            var status = FitStatus.Completed;
            // Whether the last step saw the target reached by what only a judgement completes.
            bool promising = false;
            while (_done < _loop.Steps)
            {
                if (_cancellation.IsCancellationRequested)
                {
                    status = FitStatus.Cancelled;
                    break;
                }

                if (Spent >= _loop.TimeLimit)
                {
                    status = FitStatus.TimeLimitReached;
                    break;
                }

                bool reports = promising || _done % _loop.ReportEvery == 0;
                if (Judges && !StepsJudge && reports)
                {
                    if (Judged() is not { } judged)
                    {
                        status = FitStatus.Cancelled;
                        break;
                    }

                    if (Keep(judged) <= _target)
                    {
                        status = FitStatus.TargetReached;
                        break;
                    }
                }

                _loop.BeforeStep?.Invoke(_done, _current);
                Tensor[] next;
                try
                {
                    next = Step();
                }
                catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
                {
                    // A loss that looks at many samples polls the token; the state is the one before the step.
                    status = FitStatus.Cancelled;
                    break;
                }

                bool looks = _loop.LookEvery is { } every && (reports || _done % every == 0);
                if (looks && Diverges(Look()))
                {
                    Release(next);
                    return Result(status, (_done + 1, _lastLoss));
                }

                if (StepsJudge && looks && Keep(_lastLoss) <= _target)
                {
                    Release(next);
                    status = FitStatus.TargetReached;
                    break;
                }

                Replace(next);
                _done++;
                promising = looks && _loop.StepLoss == StepLoss.OfAll && _lastLoss <= _target;
                if (!reports || !looks)
                    continue;
                _history.Add((_done, _lastLoss));
                _progress?.Report(new FitProgress(_done, ExpectedSteps(), _lastLoss, _clock.Elapsed));
            }

            return Finish(status);
        }

        public void Dispose()
        {
            _state?.Dispose();
            _seen?.Dispose();
            if (!ReferenceEquals(_current, _best))
                Release(_current);
            if (_best is not null)
                Release(_best);
        }

        private StepLoopResult Finish(FitStatus status)
        {
            // The last look at all samples is no part of the steps.
            _spent = Spent;
            if (Judges && status != FitStatus.TargetReached)
            {
                if (Judged() is not { } loss)
                    return Result(FitStatus.Cancelled, null);
                _lastLoss = loss;
                if (_best is null && !double.IsFinite(_lastLoss))
                    return Result(status, (_done + 1, _lastLoss));
                if (Keep(_lastLoss) <= _target && status == FitStatus.Completed)
                    status = FitStatus.TargetReached;
            }
            else if (!Judges && _loop.LookEvery is not null && _seen is not null && Diverges(Look()))
            {
                return Result(status, (_done, _lastLoss));
            }

            var result = Result(status, null);
            _progress?.Report(new FitProgress(_done, ExpectedSteps(), result.Loss, _clock.Elapsed));
            return result;
        }

        // Null where the caller ended a look that takes longer than anybody waits: what was judged before is the result.
        private double? Judged()
        {
            try
            {
                return _loop.Judge!(_current);
            }
            catch (OperationCanceledException) when (_best is not null && _cancellation.IsCancellationRequested)
            {
                return null;
            }
        }

        private Tensor[] Step()
        {
            using var scope = NewDisposeScope();
            var (updated, state, loss) = _loop.Optimizer.Step(_current, _state!, _loss(_done), Rate());
            _state!.Dispose();
            _state = state.DetachFromDisposeScope();
            _seen?.Dispose();
            _seen = loss.DetachFromDisposeScope();
            foreach (var t in updated)
                t.DetachFromDisposeScope();
            return updated;
        }

        // The loss that the last step saw. Reading it waits for the device.
        private double Look()
        {
            using var value = _seen!.to(ScalarType.Float64, copy: true);
            _lastLoss = value.item<double>();
            if (double.IsPositiveInfinity(_tooLarge) && _loop.LossScale is { } scale && double.IsFinite(_lastLoss))
                _tooLarge = DivergenceFactor * Math.Max(scale, _lastLoss);
            return _lastLoss;
        }

        private bool Diverges(double loss) => !double.IsFinite(loss) || loss > _tooLarge;

        // Keeps the current tensors as the best where their loss is the lowest so far.
        private double Keep(double loss)
        {
            if (_done < _loop.KeepFrom)
                return double.PositiveInfinity;
            if (loss < _bestLoss)
            {
                if (_best is not null && !ReferenceEquals(_best, _current))
                    Release(_best);
                _best = _current;
                _bestLoss = loss;
            }

            return loss;
        }

        private void Replace(Tensor[] next)
        {
            if (!ReferenceEquals(_current, _best))
                Release(_current);
            _current = next;
        }

        // The initial tensors are the caller's.
        private void Release(IReadOnlyList<Tensor> tensors)
        {
            if (ReferenceEquals(tensors, _initial))
                return;
            foreach (var t in tensors)
                t.Dispose();
        }

        private StepLoopResult Result(FitStatus status, (int Step, double Loss)? divergence)
        {
            var kept = Judges ? _best : _current;
            var tensors = kept is null ? null : ReferenceEquals(kept, _initial) ? [.. kept.Select(t => t.clone().DetachFromDisposeScope())] : kept;
            // What is handed out is no longer this run's to dispose of.
            if (ReferenceEquals(kept, _best))
                _best = null;
            if (ReferenceEquals(kept, _current))
                _current = _initial;
            return new StepLoopResult(tensors, status, _done, Judges ? _bestLoss : _lastLoss, _history, divergence) { Spent = _spent ?? Spent };
        }

        // A schedule follows the time where that ends the loop before its last step.
        private double Rate()
        {
            int step = _loop.TimeLimit is { } limit ? Math.Max(_done, (int)(Math.Min(1, Spent / limit) * _loop.Steps)) : _done;
            return _loop.LearningRate * _loop.Schedule.Factor(step, _loop.Steps);
        }

        private int ExpectedSteps() => _loop.TimeLimit is { } limit
            ? (int)Math.Clamp(Math.Round(_done * (limit / Spent)), _done, _loop.Steps)
            : _loop.Steps;
    }
}
