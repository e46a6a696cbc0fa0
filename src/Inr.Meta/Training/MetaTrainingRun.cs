using System.Diagnostics;
using System.Globalization;

namespace Inr.Meta;

/// <summary>The mutable bookkeeping of one <see cref="MetaTrainer.Run"/>.</summary>
internal sealed class MetaTrainingRun : IDisposable
{
    private readonly IMetaObjective _objective;
    private readonly MetaTrainingOptions _options;
    private readonly IProgress<MetaTrainingProgress>? _progress;
    private readonly Stopwatch _clock;
    private readonly SignalSource _source;
    private readonly SignalSource? _heldOut;
    private readonly OuterUpdate _update;
    private readonly MetaCheckpoint _checkpoint;
    private readonly List<MetaTrainingProgress> _history = [];
    private readonly Device _device;
    private int _step;
    private int _firstStep;
    private double _lossSum;
    private int _lossCount;
    private double _lastLoss = double.NaN;
    private double? _heldOutPsnr;
    private int _heldOutStep = -1;

    public MetaTrainingRun(IMetaObjective objective, MetaTrainingOptions options, ISignalDataset signals, IProgress<MetaTrainingProgress>? progress, Stopwatch clock)
    {
        _objective = objective;
        _options = options;
        _progress = progress;
        _clock = clock;
        _source = new SignalSource(signals, options);
        _heldOut = options.HeldOut is { Count: > 0 } heldOut ? new SignalSource(heldOut, options) : null;
        _update = new OuterUpdate(objective.Weights, options);
        _checkpoint = new MetaCheckpoint(objective, options, signals);
        _device = objective.Weights[0].Tensor.device;
    }

    public MetaTrainingResult Execute(CancellationToken cancellationToken)
    {
        if (_options.ResumeFrom is { } from)
            _step = _checkpoint.Load(from, _update);
        _firstStep = _step;
        var status = MetaTrainingStatus.Completed;
        while (_step < _options.Steps)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                status = MetaTrainingStatus.Cancelled;
                break;
            }

            if (_clock.Elapsed >= _options.TimeLimit)
            {
                status = MetaTrainingStatus.TimeLimitReached;
                break;
            }

            if (!Advance(cancellationToken))
            {
                status = MetaTrainingStatus.Cancelled;
                break;
            }

            bool looks = _heldOut is not null && _step % _options.EvaluateEvery == 0;
            if (looks)
                LookAtHeldOut(cancellationToken);
            if (looks || _step % _options.ReportEvery == 0)
                Report();
            if (_options.CheckpointPath is { } path && _step % _options.CheckpointEvery == 0)
                _checkpoint.Save(path, _step, _update);
        }

        return Finish(status, cancellationToken);
    }

    public void Dispose()
    {
        _source.Dispose();
        _heldOut?.Dispose();
        _update.Dispose();
    }

    // An outer step may take seconds. One that is ended on the way is as if it had not begun: weights change after all else.
    private bool Advance(CancellationToken cancellationToken)
    {
        try
        {
            Step(cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Step(CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var batch = _source.Batch(_step, _device, cancellationToken);
        using var generator = RandomStreams.Create(_options.Seed, RandomStreams.Purpose.Learner, _step);
        _objective.Begin(_step);
        var gradient = _objective.Differentiate(batch, generator);
        double loss = RequireFinite(batch, gradient.TaskErrors);
        if (!_update.Apply(gradient.Gradients, _step))
            throw Diverged(double.NaN, "The gradient is NaN or infinite although the losses are finite. Lower the learning rate or set ClipNorm.");
        _objective.Project();
        _step++;
        _lossSum += loss;
        _lossCount++;
        _lastLoss = loss;
    }

    private double RequireFinite(MetaBatch batch, Tensor errors)
    {
        double[] losses = errors.to(float64).cpu().data<double>().ToArray();
        int bad = Array.FindIndex(losses, e => !double.IsFinite(e));
        if (bad < 0)
            return losses.Average();
        string where = _objective.Diagnose(batch, bad);
        throw Diverged(losses[bad], $"It was the signal '{batch.Names[bad]}'.{(where.Length > 0 ? " " + where : "")} Lower the learning rates or set ClipNorm; the weights are those of the step before.");
    }

    private DivergedException Diverged(double loss, string advice)
    {
        // What was learned so far is not lost with the process.
        if (_options.CheckpointPath is { } path)
            _checkpoint.Save(path, _step, _update);
        return new DivergedException(_step + 1, loss, advice);
    }

    private void LookAtHeldOut(CancellationToken cancellationToken)
    {
        if (_heldOut is null || _heldOutStep == _step)
            return;
        double sum = 0;
        int count = 0;
        foreach (var batch in _heldOut.InOrder(_options.HeldOutLimit, _device, CancellationToken.None))
        {
            using var scope = NewDisposeScope();
            using (batch)
            {
                // The last look stands.
                if (cancellationToken.IsCancellationRequested)
                    return;
                foreach (double error in _objective.Judge(batch).to(float64).cpu().data<double>().ToArray())
                {
                    sum += -10 * Math.Log10(error);
                    count++;
                }
            }
        }

        _heldOutPsnr = count == 0 ? null : sum / count;
        _heldOutStep = _step;
    }

    private void Report()
    {
        if (_lossCount > 0)
            _lastLoss = _lossSum / _lossCount;
        _lossSum = 0;
        _lossCount = 0;
        int done = _step - _firstStep;
        var remaining = done == 0 ? TimeSpan.Zero : _clock.Elapsed * ((double)(_options.Steps - _step) / done);
        if (_options.TimeLimit is { } limit && limit - _clock.Elapsed < remaining)
            remaining = limit > _clock.Elapsed ? limit - _clock.Elapsed : TimeSpan.Zero;
        SkippedSignal[] skipped = [.. _source.TakeUnreported(), .. _heldOut?.TakeUnreported() ?? []];
        var report = new MetaTrainingProgress(_step, _options.Steps, _lastLoss, _clock.Elapsed, remaining, _heldOutStep == _step ? _heldOutPsnr : null, skipped);
        _history.Add(report);
        _progress?.Report(report);
    }

    private MetaTrainingResult Finish(MetaTrainingStatus status, CancellationToken cancellationToken)
    {
        if (status != MetaTrainingStatus.Cancelled)
            LookAtHeldOut(cancellationToken);
        if (_history.Count == 0 || _history[^1].Step != _step)
            Report();
        if (_options.CheckpointPath is { } path)
            _checkpoint.Save(path, _step, _update);
        string how = status switch
        {
            MetaTrainingStatus.TimeLimitReached => "The time limit was reached",
            MetaTrainingStatus.Cancelled => "Cancelled",
            _ => "All steps were done",
        };
        string heldOut = _heldOutPsnr is { } p ? string.Create(CultureInfo.InvariantCulture, $", {p:0.00} dB held out") : "";
        string training = double.IsNaN(_lastLoss) ? "" : string.Create(CultureInfo.InvariantCulture, $": {-10 * Math.Log10(_lastLoss):0.00} dB in training");
        return new MetaTrainingResult
        {
            Status = status,
            Message = string.Create(CultureInfo.InvariantCulture, $"{how}{training}{heldOut} after {_step} step{(_step == 1 ? "" : "s")} in {_clock.Elapsed.TotalSeconds:0.0} s."),
            Steps = _step,
            Loss = _lastLoss,
            HeldOutPsnr = _heldOutPsnr,
            Elapsed = _clock.Elapsed,
            History = _history,
            Skipped = [.. _source.Broken, .. _heldOut?.Broken ?? []],
            TrainedOn = _source.Domain,
        };
    }
}
