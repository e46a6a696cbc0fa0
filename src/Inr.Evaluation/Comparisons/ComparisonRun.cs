using System.Diagnostics;
using System.Globalization;

namespace Inr.Evaluation;

/// <summary>Fits every contender to every signal, keeps what is finished, and goes on past what fails.</summary>
/// <remarks>All contenders fit a signal before the next one comes, so that a run that is stopped has compared them on equal signals.</remarks>
internal sealed class ComparisonRun
{
    private readonly IReadOnlyList<Contender> _contenders;
    private readonly ComparisonSettings _settings;
    private readonly EvaluationFolder _folder;
    private readonly IComparisonListener _listener;
    private readonly CancellationToken _cancellation;
    private readonly ContenderEvaluation _evaluation;
    private readonly Dictionary<Contender, List<EvaluationRow>> _rows;
    private readonly List<ComparisonFailure> _failures = [];
    private readonly List<CodecFit> _codecs = [];
    private readonly Stopwatch _clock = new();

    // By contender: the seconds of a fit that the estimate expects.
    private readonly Dictionary<Contender, double> _expected = [];
    private double _expectedDone;
    private ComparisonPlan _plan;
    private int _pending;
    private int _done;
    private int _kept;

    /// <param name="contenders">Target functions and budgets.</param>
    /// <param name="settings">What all fits have in common.</param>
    /// <param name="folder">The finished fits.</param>
    /// <param name="listener">Hears where the comparison stands.</param>
    /// <param name="cancellation">Ends it.</param>
    public ComparisonRun(IReadOnlyList<Contender> contenders, ComparisonSettings settings, EvaluationFolder folder, IComparisonListener listener, CancellationToken cancellation)
    {
        _contenders = contenders;
        _settings = settings;
        _folder = folder;
        _listener = listener;
        _cancellation = cancellation;
        _evaluation = new ContenderEvaluation(settings, cancellation);
        _rows = contenders.ToDictionary(c => c, _ => new List<EvaluationRow>());
        _plan = ComparisonPlan.Load(PlanPath);
    }

    private string PlanPath => Path.Combine(_folder.Folder, ComparisonPlan.File);

    private bool IsStopped => _cancellation.IsCancellationRequested;

    /// <summary>Runs what is not finished yet.</summary>
    public ComparisonResult Execute(ISignalDataset signals)
    {
        int planned = signals.Count * _contenders.Count;
        _pending = planned - CountFinished(signals);
        _listener.Tell($"{ReportText.Count(signals.Count, "signal")} × {ReportText.Count(_contenders.Count, "target")}: {ReportText.Count(planned, "fit")}{(_pending < planned ? $", {_pending} to do" : "")}.");
        for (int i = 0; i < signals.Count && !IsStopped; i++)
        {
            using var signal = TryLoad(signals, i);
            if (signal is null)
                _pending -= _contenders.Count;
            else
                FitAll(signal, signals, i);
        }

        return new ComparisonResult
        {
            Settings = _settings,
            Contenders = _contenders,
            Plan = _plan,
            Rows = _rows.ToDictionary(r => r.Key, r => (IReadOnlyList<EvaluationRow>)r.Value),
            Codecs = _codecs,
            Failures = _failures,
            SignalCount = signals.Count,
            Finished = _kept,
            IsCancelled = IsStopped,
        };
    }

    // A new folder has nothing to look for, and a large data set is not read twice.
    private int CountFinished(ISignalDataset signals)
    {
        if (!_folder.HasRows)
            return 0;
        int finished = 0;
        for (int i = 0; i < signals.Count && !IsStopped; i++)
        {
            try
            {
                using var signal = signals.Load(i);
                finished += _contenders.Count(c => IsFinished(c, signal));
            }
            catch (SignalLoadException)
            {
                // Told when its turn comes.
            }
        }

        return finished;
    }

    private bool IsFinished(Contender contender, Signal signal) => _folder.For(contender.Name).Find(SignalKey.Of(signal)) is not null;

    private Signal? TryLoad(ISignalDataset signals, int index)
    {
        try
        {
            return signals.Load(index);
        }
        catch (SignalLoadException e)
        {
            Skip(signals.GetName(index), null, ReportText.OneLine(e.Message));
            return null;
        }
    }

    private void FitAll(Signal signal, ISignalDataset signals, int index)
    {
        if (!_clock.IsRunning && _contenders.Any(c => !IsFinished(c, signal)))
            Prepare(signal, signals, index);
        if (!_contenders.All(contender => !IsStopped && FitOne(contender, signal)) || !Encode(signal))
            LeaveOut(SignalKey.Of(signal));
    }

    // The same picture as PNG and JPEG files; not where the fits see less than the picture. False where the caller ended it.
    private bool Encode(Signal signal)
    {
        if (!_settings.Context.IsFull || !PictureCodecs.Take(signal))
            return true;
        string key = SignalKey.Of(signal);
        var wanted = _contenders.SelectMany(c => _rows[c].Where(r => r.Key == key).Select(r => (c.Name, r.StoredBytes))).ToDictionary(c => c.Name, c => c.StoredBytes);
        try
        {
            var fits = _folder.FindCodecs(key) is { } kept && wanted.All(w => kept.Any(f => f.Matched == w.Key && f.Wanted == w.Value) || !JpegFiles.Take(signal)) ? kept : null;
            if (fits is null)
            {
                fits = PictureCodecs.Measure(signal, wanted, _cancellation);
                _folder.AddCodecs(key, fits);
            }

            _codecs.AddRange(fits);
            return true;
        }
        catch (OperationCanceledException) when (IsStopped)
        {
            return false;
        }
    }

    // Means over unequal signals compare signals, not target functions; the finished fits stay in the folder.
    private void LeaveOut(string key)
    {
        if (_rows.Values.All(rows => rows.TrueForAll(r => r.Key == key)))
            return;
        foreach (var rows in _rows.Values)
            rows.RemoveAll(r => r.Key == key);
    }

    // What must be known before the first fit: the cost, the steps that a budget of time buys, the settings of baselines.
    private void Prepare(Signal signal, ISignalDataset signals, int index)
    {
        var estimate = new CostEstimate(_settings, _cancellation);
        var bought = new Dictionary<string, int>(_plan.Steps);
        int steps = estimate.Steps(signal);
        double sweepSeconds = 0;
        foreach (var contender in _contenders)
        {
            if (IsStopped)
                return;
            if (estimate.Of(contender, signal) is not { } cost)
                continue;
            if (_settings.Seconds is { } limit && contender.Entry.IsIterative)
                bought.TryAdd(contender.Name, (int)Math.Clamp(limit / cost.StepSeconds, 1, int.MaxValue));
            int taken = bought.TryGetValue(contender.Name, out int planned) ? planned : steps;
            _expected[contender] = _settings.Seconds is { } given && contender.Entry.IsIterative ? cost.FixedSeconds + given : cost.Seconds(taken);
            if (MustSweep(contender))
                sweepSeconds += cost.Seconds(RateSweep.StepsOf(taken)) * RateSweep.SignalCount * RateSweep.TrialCount(contender, signal);
        }

        _plan = _plan with { Steps = bought };
        string sweeping = sweepSeconds > 0 ? $", of which the sweep takes {ReportText.Duration(TimeSpan.FromSeconds(sweepSeconds))}" : "";
        _listener.Tell($"About {ReportText.Duration(TimeSpan.FromSeconds(ExpectedSeconds() + sweepSeconds))} in all{sweeping}, judged by a part of {signal.Name}.");
        Sweep(signal, signals, index, steps);
        ReportFormat.Write(PlanPath, _plan, ReportFormat.Lossless);
        _clock.Start();
    }

    // What is pending is spread evenly over the contenders, or nearly.
    private double ExpectedSeconds() => _expected.Values.Sum() * _pending / _contenders.Count;

    // The estimate, corrected by the pace so far as far as that can be trusted: contenders differ a thousandfold.
    private TimeSpan Remaining()
    {
        const double Trust = 0.02;
        double all = ExpectedSeconds();
        double prior = Math.Max(Trust * all, 1e-3);
        double pace = (_clock.Elapsed.TotalSeconds + prior) / (_expectedDone + prior);
        return TimeSpan.FromSeconds(Math.Max(0, all - _expectedDone) * pace);
    }

    private bool MustSweep(Contender contender) => _settings.Sweep && contender.Entry.IsIterative && _plan.Trials.All(t => t.Target != contender.Name);

    private void Sweep(Signal signal, ISignalDataset signals, int index, int steps)
    {
        var swept = _contenders.Where(MustSweep).ToList();
        if (swept.Count == 0)
            return;
        var few = new List<Signal> { signal };
        try
        {
            for (int i = index + 1; i < signals.Count && few.Count < RateSweep.SignalCount; i++)
            {
                if (TryLoadQuietly(signals, i) is { } next)
                    few.Add(next);
            }

            foreach (var contender in swept)
            {
                var sweep = new RateSweep(_evaluation, _folder, _listener, _plan.Steps.GetValueOrDefault(contender.Name, steps), _cancellation);
                _plan = _plan with { Trials = [.. _plan.Trials, .. sweep.Run(contender, few)] };
            }
        }
        finally
        {
            foreach (var other in few.Skip(1))
                other.Dispose();
        }
    }

    private static Signal? TryLoadQuietly(ISignalDataset signals, int index)
    {
        try
        {
            return signals.Load(index);
        }
        catch (SignalLoadException)
        {
            return null;
        }
    }

    // False where the caller ended it.
    private bool FitOne(Contender contender, Signal signal)
    {
        bool isStored = IsFinished(contender, signal);
        var result = _listener.Watch($"[{_done + 1}/{_pending}] {contender} on {signal.Name}",
            progress => _evaluation.Run(contender, _plan.For(contender), signal, _folder.For(contender.Name), withTimes: true, progress));
        if (result.IsCancelled)
            return false;
        if (!isStored)
        {
            _done++;
            _expectedDone += _expected.GetValueOrDefault(contender);
        }

        if (result.Rows is [var row])
        {
            _rows[contender].Add(row);
            _kept++;
            if (!isStored)
                Tell(contender, row);
        }
        else
        {
            Skip(signal.Name, contender.Name, result.Failures[0].Reason);
        }

        return true;
    }

    private void Tell(Contender contender, EvaluationRow row)
    {
        _listener.Tell(string.Create(CultureInfo.InvariantCulture,
            $"[{_done}/{_pending}] {contender} on {row.Signal}: {ReportText.Decibels(row.Psnr)} dB in {ReportText.Seconds(row.FitSeconds)} s{(_done < _pending ? $"; about {ReportText.Duration(Remaining())} left" : "")}"));
    }

    private void Skip(string signal, string? target, string reason)
    {
        var skipped = new ComparisonFailure(signal, target, reason);
        _failures.Add(skipped);
        _listener.Tell($"skipped {skipped}");
    }
}
