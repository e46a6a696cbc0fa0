using System.Diagnostics;
using Inr.Cli.Fitting;
using Inr.Cli.Runtime;
using Inr.Cli.Targets;

namespace Inr.Cli.Compare;

/// <summary>How long a fit will take, from a few steps or a small part of it.</summary>
internal sealed class CostEstimate
{
    private const int ProbeSteps = 3;
    private const double ProbeSamples = 4_096;

    private readonly TargetSettings _settings;
    private readonly RunContext _context;

    /// <param name="settings">What the user chose.</param>
    /// <param name="context">Where to run.</param>
    public CostEstimate(TargetSettings settings, RunContext context)
    {
        _settings = settings;
        _context = context;
    }

    /// <summary>The seconds that the fit of a signal will take.</summary>
    public double Seconds(TargetEntry target, Signal signal) => target.IsIterative ? OfSteps(target, signal) : OfClosedForm(target, signal);

    private double OfSteps(TargetEntry target, Signal signal)
    {
        // The first run pays for memory and code that later ones find ready.
        Time(target, _settings with { Steps = 1 }, signal);
        double look = Time(target, _settings with { Steps = 0 }, signal);
        double probe = Time(target, _settings with { Steps = ProbeSteps }, signal);
        // A fit of n steps looks at all samples at its start and its end, and now and then in between.
        double step = Math.Max(0, probe - 2 * look) / ProbeSteps;
        var schedule = StepSchedule.Of(_settings, signal.SampleCount, _context.OnCpu);
        int looks = schedule.Batch is null ? 2 : 2 + schedule.Steps / schedule.EvaluateEvery;
        // And one more for the measures.
        return schedule.Steps * step + (looks + 1) * look;
    }

    private double OfClosedForm(TargetEntry target, Signal signal)
    {
        using var part = Part(signal);
        double share = (double)part.SampleCount / signal.SampleCount;
        // The share of the budget, but never so little that the family refuses it.
        var settings = _settings with { Floats = Math.Max(part.SampleCount, (long)((_settings.Floats ?? 0) * share)) };
        Time(target, settings, part);
        return Time(target, settings, part) / share;
    }

    private double Time(TargetEntry target, TargetSettings settings, Signal signal)
    {
        using var fitter = new SignalFit(target, settings, _context).CreateFitter(signal);
        var clock = Stopwatch.StartNew();
        using var result = fitter.Fit(signal, cancellationToken: _context.Cancellation);
        return clock.Elapsed.TotalSeconds;
    }

    // The first samples on each axis of a grid, a few thousand in all.
    private static Signal Part(Signal signal)
    {
        var shape = signal.Domain.GridShape;
        double ratio = Math.Min(1, Math.Pow(ProbeSamples / signal.SampleCount, 1.0 / shape.Count));
        int[] sides = [.. shape.Select(n => Math.Max(1, (int)(n * ratio)))];
        var part = signal.Values.reshape([.. shape.Select(n => (long)n), signal.Channels]);
        for (int axis = 0; axis < sides.Length; axis++)
        {
            var whole = part;
            part = whole.narrow(axis, 0, sides[axis]);
            whole.Dispose();
        }

        using (part)
            return Signal.FromGrid(part, sides, signal.Name);
    }
}
