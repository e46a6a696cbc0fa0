using System.Diagnostics;
using System.Globalization;
using Inr.Cli.Fitting;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Cli.Signals;
using Inr.Cli.Targets;

namespace Inr.Cli.Compare;

/// <summary>Fits every target function to every signal, keeps what is finished, and goes on past what fails.</summary>
internal sealed class CompareRun
{
    private readonly IReadOnlyList<TargetEntry> _targets;
    private readonly TargetSettings _settings;
    private readonly CompareStore _store;
    private readonly RunContext _context;
    private readonly List<ReportRow> _rows = [];
    private readonly List<CompareFailure> _failures = [];
    private readonly Stopwatch _clock = new();
    private int _pending;
    private int _fitted;

    /// <param name="targets">The target functions.</param>
    /// <param name="settings">What the user chose.</param>
    /// <param name="store">The finished fits.</param>
    /// <param name="context">Where to run.</param>
    public CompareRun(IReadOnlyList<TargetEntry> targets, TargetSettings settings, CompareStore store, RunContext context)
    {
        _targets = targets;
        _settings = settings;
        _store = store;
        _context = context;
    }

    /// <summary>Runs what is not finished yet.</summary>
    public CompareResult Execute(IReadOnlyList<SignalFile> files)
    {
        var keys = ReadKeys(files);
        _pending = keys.Sum(pair => _targets.Count(target => _store.Find(pair.Key, target) is null));
        int planned = files.Count * _targets.Count;
        _context.Terminal.WriteLine($"{Text.Count(files.Count, "signal")} × {Text.Count(_targets.Count, "target")}: {Text.Count(planned, "fit")}{(_pending < planned ? $", {_pending} to do" : "")}.");
        bool announced = false;
        foreach (var (key, file) in keys)
        {
            if (_context.Cancellation.IsCancellationRequested)
                break;
            if (_targets.All(target => _store.Find(key, target) is not null))
            {
                _rows.AddRange(_targets.Select(target => _store.Find(key, target)!));
                continue;
            }

            using var signal = TryLoad(file);
            if (signal is null)
            {
                _pending -= _targets.Count;
                continue;
            }

            if (!announced)
                Announce(signal);
            announced = true;
            FitAll(key, signal);
        }

        return new CompareResult(_targets, _rows, _failures, planned, _context.Cancellation.IsCancellationRequested);
    }

    private List<(string Key, SignalFile File)> ReadKeys(IReadOnlyList<SignalFile> files)
    {
        var keys = new List<(string, SignalFile)>();
        foreach (var file in files)
        {
            try
            {
                keys.Add((CompareStore.KeyOf(file), file));
            }
            catch (SignalLoadException e)
            {
                Skip(file.Name, null, e);
            }
        }

        return keys;
    }

    private Signal? TryLoad(SignalFile file)
    {
        try
        {
            return file.Load();
        }
        catch (SignalLoadException e)
        {
            Skip(file.Name, null, e);
            return null;
        }
    }

    private void Announce(Signal signal)
    {
        var estimate = new CostEstimate(_settings, _context);
        double seconds = _targets.Average(target => estimate.Seconds(target, signal)) * _pending;
        _context.Terminal.WriteLine($"About {Text.Duration(TimeSpan.FromSeconds(seconds))} in all, judged by a part of {signal.Name}.");
        _clock.Start();
    }

    private void FitAll(string key, Signal signal)
    {
        foreach (var target in _targets)
        {
            if (_context.Cancellation.IsCancellationRequested)
                return;
            if (_store.Find(key, target) is { } finished)
                _rows.Add(finished);
            else
                FitOne(key, target, signal);
        }
    }

    private void FitOne(string key, TargetEntry target, Signal signal)
    {
        try
        {
            var fit = new SignalFit(target, _settings, _context);
            using var fitter = fit.CreateFitter(signal);
            using var outcome = _context.Terminal.Track($"[{_fitted + 1}/{_pending}] {target.Name} on {signal.Name}",
                progress => fit.Run(fitter, signal, progress, _context.Cancellation));
            if (outcome.Result.Status == FitStatus.Cancelled)
                return;
            _store.Add(key, target, outcome);
            _rows.Add(outcome.Row);
            Tell(outcome);
        }
        catch (OperationCanceledException)
        {
            // A closed form has no state before its end; the loop sees the cancellation and ends.
        }
        catch (Exception e) when (e is InrException or CliException or ArgumentException)
        {
            (e as DivergedException)?.LastGood?.Dispose();
            Skip(signal.Name, target.Name, e);
            _fitted++;
        }
    }

    private void Tell(FitOutcome outcome)
    {
        _fitted++;
        var left = _clock.Elapsed / _fitted * (_pending - _fitted);
        _context.Terminal.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"[{_fitted}/{_pending}] {outcome.Row.Target} on {outcome.Row.Signal}: {Text.Decibels(outcome.Row.Psnr)} dB in {Text.Seconds(outcome.Row.FitSeconds)} s{(_fitted < _pending ? $"; about {Text.Duration(left)} left" : "")}"));
    }

    private void Skip(string signal, string? target, Exception failure)
    {
        var skipped = new CompareFailure(signal, target, FailureLine.Of(failure));
        _failures.Add(skipped);
        _context.Terminal.WriteLine($"skipped {skipped}");
    }
}
