using System.Diagnostics;
using System.Globalization;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Cli.Signals;
using Inr.Evaluation;

namespace Inr.Cli.Compare;

/// <summary>Fits every contender to every signal, keeps what is finished, and goes on past what fails.</summary>
/// <remarks>All contenders fit a signal before the next one comes, so that a run that is stopped has compared them on equal signals.</remarks>
internal sealed class CompareRun
{
    private readonly IReadOnlyList<Contender> _contenders;
    private readonly CompareSettings _settings;
    private readonly EvaluationFolder _folder;
    private readonly RunContext _context;
    private readonly ContenderEvaluation _evaluation;
    private readonly Dictionary<Contender, List<EvaluationRow>> _rows;
    private readonly List<CompareFailure> _failures = [];
    private readonly Stopwatch _clock = new();

    // By contender: the seconds of a fit that the estimate expects.
    private readonly Dictionary<Contender, double> _expected = [];
    private double _expectedDone;
    private readonly ComparePlan _plan;
    private int _pending;
    private int _done;
    private int _kept;

    /// <param name="contenders">Target functions and budgets.</param>
    /// <param name="settings">What the user chose.</param>
    /// <param name="folder">The finished fits.</param>
    /// <param name="context">Where to run.</param>
    public CompareRun(IReadOnlyList<Contender> contenders, CompareSettings settings, EvaluationFolder folder, RunContext context)
    {
        _contenders = contenders;
        _settings = settings;
        _folder = folder;
        _context = context;
        _evaluation = new ContenderEvaluation(settings, context);
        _rows = contenders.ToDictionary(c => c, _ => new List<EvaluationRow>());
        _plan = (File.Exists(PlanPath) ? JsonFile.Load<ComparePlan>(PlanPath) : null) ?? new ComparePlan();
    }

    private string PlanPath => Path.Combine(_folder.Folder, ComparePlan.File);

    private bool IsStopped => _context.Cancellation.IsCancellationRequested;

    /// <summary>Runs what is not finished yet.</summary>
    public CompareResult Execute(IReadOnlyList<SignalFile> files)
    {
        int planned = files.Count * _contenders.Count;
        _pending = planned - CountFinished(files);
        _context.Terminal.WriteLine($"{Text.Count(files.Count, "signal")} × {Text.Count(_contenders.Count, "target")}: {Text.Count(planned, "fit")}{(_pending < planned ? $", {_pending} to do" : "")}.");
        for (int i = 0; i < files.Count && !IsStopped; i++)
        {
            using var signal = TryLoad(files[i]);
            if (signal is null)
                _pending -= _contenders.Count;
            else
                FitAll(signal, files, i);
        }

        return new CompareResult
        {
            Settings = _settings,
            Contenders = _contenders,
            Plan = _plan,
            Rows = _rows,
            Failures = _failures,
            SignalCount = files.Count,
            Finished = _kept,
            IsCancelled = IsStopped,
        };
    }

    // A new folder has nothing to look for, and a large data set is not read twice.
    private int CountFinished(IReadOnlyList<SignalFile> files)
    {
        if (!Directory.EnumerateFiles(Path.Combine(_folder.Folder, "rows"), "*.json").Any())
            return 0;
        int finished = 0;
        foreach (var file in files)
        {
            try
            {
                using var signal = file.Load();
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

    private Signal? TryLoad(SignalFile file)
    {
        try
        {
            return file.Load();
        }
        catch (SignalLoadException e)
        {
            Skip(file.Name, null, FailureLine.Of(e));
            return null;
        }
    }

    private void FitAll(Signal signal, IReadOnlyList<SignalFile> files, int index)
    {
        if (!_clock.IsRunning && _contenders.Any(c => !IsFinished(c, signal)))
            Prepare(signal, files, index);
        if (!_contenders.All(contender => !IsStopped && FitOne(contender, signal)))
            LeaveOut(SignalKey.Of(signal));
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
    private void Prepare(Signal signal, IReadOnlyList<SignalFile> files, int index)
    {
        var estimate = new CostEstimate(_settings, _context);
        int steps = estimate.Steps(signal);
        double sweepSeconds = 0;
        foreach (var contender in _contenders)
        {
            if (IsStopped)
                return;
            if (estimate.Of(contender, signal) is not { } cost)
                continue;
            if (_settings.Seconds is { } limit && contender.Entry.IsIterative)
                _plan.Steps.TryAdd(contender.Name, (int)Math.Clamp((limit - cost.FixedSeconds) / cost.StepSeconds, 1, int.MaxValue));
            int taken = _plan.Steps.TryGetValue(contender.Name, out int planned) ? planned : steps;
            _expected[contender] = cost.Seconds(taken);
            if (MustSweep(contender))
                sweepSeconds += cost.Seconds(RateSweep.StepsOf(taken)) * RateSweep.SignalCount * RateSweep.TrialCount(contender, signal);
        }

        string sweeping = sweepSeconds > 0 ? $", of which the sweep takes {Text.Duration(TimeSpan.FromSeconds(sweepSeconds))}" : "";
        _context.Terminal.WriteLine($"About {Text.Duration(TimeSpan.FromSeconds(ExpectedSeconds() + sweepSeconds))} in all{sweeping}, judged by a part of {signal.Name}.");
        Sweep(signal, files, index, steps);
        JsonFile.Save(PlanPath, _plan);
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

    private bool MustSweep(Contender contender) => _settings.Sweep && contender.Entry.IsIterative && !_plan.Trials.Exists(t => t.Target == contender.Name);

    private void Sweep(Signal signal, IReadOnlyList<SignalFile> files, int index, int steps)
    {
        var swept = _contenders.Where(MustSweep).ToList();
        if (swept.Count == 0)
            return;
        var signals = new List<Signal> { signal };
        try
        {
            for (int i = index + 1; i < files.Count && signals.Count < RateSweep.SignalCount; i++)
            {
                if (TryLoadQuietly(files[i]) is { } next)
                    signals.Add(next);
            }

            foreach (var contender in swept)
                _plan.Trials.AddRange(new RateSweep(_evaluation, _folder, _context, _plan.Steps.GetValueOrDefault(contender.Name, steps)).Run(contender, signals));
        }
        finally
        {
            foreach (var other in signals.Skip(1))
                other.Dispose();
        }
    }

    private static Signal? TryLoadQuietly(SignalFile file)
    {
        try
        {
            return file.Load();
        }
        catch (SignalLoadException)
        {
            return null;
        }
    }

    // False where the user ended it.
    private bool FitOne(Contender contender, Signal signal)
    {
        bool isStored = IsFinished(contender, signal);
        var result = _context.Terminal.Track($"[{_done + 1}/{_pending}] {contender} on {signal.Name}",
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
        _context.Terminal.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"[{_done}/{_pending}] {contender} on {row.Signal}: {Text.Decibels(row.Psnr)} dB in {Text.Seconds(row.FitSeconds)} s{(_done < _pending ? $"; about {Text.Duration(Remaining())} left" : "")}"));
    }

    private void Skip(string signal, string? target, string reason)
    {
        var skipped = new CompareFailure(signal, target, reason);
        _failures.Add(skipped);
        _context.Terminal.WriteLine($"skipped {skipped}");
    }
}
