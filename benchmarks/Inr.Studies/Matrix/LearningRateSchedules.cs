using Inr.Optimization;

namespace Inr.Studies.Matrix;

/// <summary>Schedules for work that ends after a time rather than a number of steps.</summary>
internal static class LearningRateSchedules
{
    /// <summary>Half a cosine over the time of a run.</summary>
    /// <param name="share">The share of the time that has passed.</param>
    /// <param name="last">The factor at the end.</param>
    public static LearningRateSchedule OverTime(Func<double> share, double last) =>
        new((_, _) => last + (1 - last) * 0.5 * (1 + Math.Cos(Math.PI * Math.Clamp(share(), 0, 1))));
}
