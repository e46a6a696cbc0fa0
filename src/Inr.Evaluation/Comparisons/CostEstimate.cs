using System.Diagnostics;

namespace Inr.Evaluation;

/// <summary>How long a fit will take, from a few steps or a small part of it.</summary>
internal sealed class CostEstimate
{
    private const int FewestProbeSteps = 3;
    private const int MostProbeSteps = 3_072;

    // Steps that take less together say more about caches and just-in-time compilation than about themselves.
    private const double ProbeSeconds = 1;

    // A difference of two times may come out as nothing.
    private const double LeastSeconds = 1e-3;

    private const double ProbeSamples = 4_096;

    // Renders and other passes over all samples that measure a fit that is done.
    private const int MeasuringLooks = 4;

    private readonly ComparisonSettings _settings;
    private readonly CancellationToken _cancellation;

    /// <param name="settings">What was chosen.</param>
    /// <param name="cancellation">Ends a fit.</param>
    public CostEstimate(ComparisonSettings settings, CancellationToken cancellation)
    {
        _settings = settings;
        _cancellation = cancellation;
    }

    private bool OnCpu => _settings.DeviceName == "cpu";

    /// <summary>The cost of a fit of a signal; null where it fails, as the run will report.</summary>
    public FitCost? Of(Contender contender, Signal signal)
    {
        try
        {
            var settings = _settings.For(contender, signal);
            return contender.Entry.IsIterative ? OfSteps(contender.Entry, settings, signal) : OfClosedForm(contender.Entry, settings, signal);
        }
        catch (Exception e) when (e is InrException or ArgumentException || (e is OperationCanceledException && _cancellation.IsCancellationRequested))
        {
            (e as DivergedException)?.LastGood?.Dispose();
            return null;
        }
    }

    /// <summary>The gradient steps that were asked for, or the default.</summary>
    public int Steps(Signal signal) => StepSchedule.Of(new TargetSettings { Steps = _settings.Steps }, signal.SampleCount, OnCpu).Steps;

    private FitCost OfSteps(TargetEntry entry, TargetSettings settings, Signal signal)
    {
        var (context, query) = _settings.Context.Draw(signal, _settings.Seed);
        query?.Dispose();
        using var _ = context;
        // The first run pays for memory and code that later ones find ready.
        Time(entry, settings with { Steps = 1, Seconds = null }, context);
        double look = Time(entry, settings with { Steps = 0, Seconds = null }, context);
        var schedule = StepSchedule.Of(settings with { Seconds = null }, context.SampleCount, OnCpu);
        // No more of them than a fit takes: a short comparison should not wait for its estimate.
        int most = _settings.Seconds is null ? Math.Clamp(schedule.Steps, 1, MostProbeSteps) : MostProbeSteps;
        double step = TimeStep(entry, settings, context, look, most);
        double lookShare = schedule.Batch is null ? 0 : look / schedule.EvaluateEvery;
        double whole = look * signal.SampleCount / context.SampleCount;
        return new FitCost((2 * look) + (MeasuringLooks * whole), step + lookShare);
    }

    private double TimeStep(TargetEntry entry, TargetSettings settings, Signal context, double look, int most)
    {
        for (int steps = Math.Min(FewestProbeSteps, most); ; steps = Math.Min(4 * steps, most))
        {
            // A fit of n steps looks at all samples at its start and its end, and now and then in between.
            double seconds = Time(entry, settings with { Steps = steps, Seconds = null }, context) - (2 * look);
            if (seconds >= ProbeSeconds || steps >= most)
                return Math.Max(seconds, LeastSeconds) / steps;
        }
    }

    private FitCost OfClosedForm(TargetEntry entry, TargetSettings settings, Signal signal)
    {
        using var part = Part(signal);
        var (context, query) = _settings.Context.Draw(part, _settings.Seed);
        query?.Dispose();
        using var _ = context;
        double share = (double)part.SampleCount / signal.SampleCount;
        // The share of the budget, but never so little that the family refuses it.
        var shared = settings with
        {
            Floats = Math.Max(part.SampleCount, (long)((settings.Floats ?? 0) * share)),
            SampleGrid = settings.SampleGrid is null ? null : part.Domain.GridShape,
        };
        Time(entry, shared, context);
        return new FitCost(Time(entry, shared, context) / share, 0);
    }

    private double Time(TargetEntry entry, TargetSettings settings, Signal signal)
    {
        _cancellation.ThrowIfCancellationRequested();
        using var fitter = ContenderEvaluation.CreateFitter(entry, settings, _settings, signal);
        var clock = Stopwatch.StartNew();
        using var result = fitter.Fit(signal, cancellationToken: _cancellation);
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
