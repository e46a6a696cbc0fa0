using Inr.Losses;

namespace Inr.Evaluation;

/// <summary>What an evaluation measures, and how often.</summary>
public sealed record EvaluationOptions
{
    /// <summary>What the fitter sees of each signal; it is judged on the whole, clean signal.</summary>
    /// <value>The default is all of it.</value>
    public SignalContext Context { get; init; } = SignalContext.Full;

    /// <summary>What is seen of the fitted functions at a coordinate of their signals.</summary>
    /// <value>The default is <see cref="Observation.Field"/>: their values. Scenes need rays.</value>
    public Observation Observation { get; init; } = Observation.Field;

    /// <summary>The seed of contexts and of the points of random access. A fitter has a seed of its own.</summary>
    /// <value>The default is 0.</value>
    public long Seed { get; init; }

    /// <summary>How often each signal is fitted; the result is that of the first time, the time is the median.</summary>
    /// <value>The default is 1.</value>
    public int FitRepeats { get; init; } = 1;

    /// <summary>Fits of the first signal before the measured one, which pay for code and memory that later ones find ready.</summary>
    /// <value>The default is 1; 0 where a fit is long enough to hide it.</value>
    public int WarmUpFits { get; init; } = 1;

    /// <summary>How often each render and each random access is timed; the time is the median. One more comes before, and does not count; after 3 s in all, no further one follows.</summary>
    /// <value>The default is 3; 0 renders once, as a measure of quality needs, and takes no time.</value>
    public int RenderRepeats { get; init; } = 3;

    /// <summary>Random points that are evaluated at once to time random access.</summary>
    /// <value>The default is 4,096; 0 leaves it out.</value>
    public int RandomAccessSamples { get; init; } = 4_096;

    /// <summary>Ends each fit after this time and judges the best state so far: a budget of time.</summary>
    /// <value>The default is null: no limit. Fits that use it do not repeat bit by bit.</value>
    public TimeSpan? FitTimeLimit { get; init; }

    /// <summary>Keeps finished rows, so that an evaluation that was stopped goes on where it was.</summary>
    /// <value>The default is null: nothing is kept.</value>
    public IEvaluationStore? Store { get; init; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it, its value and the range.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Context);
        ArgumentNullException.ThrowIfNull(Observation);
        RequireAtLeast(nameof(FitRepeats), FitRepeats, 1);
        RequireAtLeast(nameof(WarmUpFits), WarmUpFits, 0);
        RequireAtLeast(nameof(RenderRepeats), RenderRepeats, 0);
        RequireAtLeast(nameof(RandomAccessSamples), RandomAccessSamples, 0);
        if (FitTimeLimit is { } limit && limit <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(FitTimeLimit)} is {limit}; it must be above zero, or null for no limit.", nameof(FitTimeLimit));
    }

    private static void RequireAtLeast(string name, int value, int low)
    {
        if (value < low)
            throw new ArgumentException($"{name} is {value}; allowed are {low} and more.", name);
    }
}
