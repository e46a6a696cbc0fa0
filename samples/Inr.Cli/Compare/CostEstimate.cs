using System.Diagnostics;
using Inr.Cli.Fitting;
using Inr.Cli.Runtime;
using Inr.Cli.Targets;

namespace Inr.Cli.Compare;

/// <summary>How long a fit will take, from a few steps of it.</summary>
internal sealed class CostEstimate
{
    private const int ProbeSteps = 3;

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
    public double Seconds(TargetEntry target, Signal signal)
    {
        // The first run pays for memory and code that later ones find ready.
        Time(target, signal, 1);
        double look = Time(target, signal, 0);
        double probe = Time(target, signal, ProbeSteps);
        // A fit of n steps looks at all samples at its start and its end, and now and then in between.
        double step = Math.Max(0, probe - 2 * look) / ProbeSteps;
        var schedule = StepSchedule.Of(_settings, signal.SampleCount, _context.OnCpu);
        int looks = schedule.Batch is null ? 2 : 2 + schedule.Steps / schedule.EvaluateEvery;
        // And one more for the measures.
        return schedule.Steps * step + (looks + 1) * look;
    }

    private double Time(TargetEntry target, Signal signal, int steps)
    {
        using var fitter = new SignalFit(target, _settings with { Steps = steps }, _context).CreateFitter(signal);
        var clock = Stopwatch.StartNew();
        using var result = fitter.Fit(signal);
        return clock.Elapsed.TotalSeconds;
    }
}
