using Inr.Optimization;

namespace Inr.Studies.Matrix;

/// <summary>Targets of a family within a budget, and fits of them from scratch.</summary>
internal static class MatrixTargets
{
    private const double LastFactor = 0.01;

    /// <summary>The largest target of a family within a budget.</summary>
    public static ITargetFunction Build(MatrixData data, MatrixFamily family, double value, int floats)
    {
        var entry = family.Iterative!(value);
        var settings = entry.Budget.Spend(entry, new TargetSettings { Floats = floats }, data.Shape);
        var builder = data.Shape.Builder();
        entry.Use(builder, settings);
        return builder.BuildTarget();
    }

    /// <summary>Fits every signal from scratch, for a number of steps or a time each.</summary>
    public static MatrixMeasurement FitFromScratch(ITargetFunction target, double rate, ISignalDataset signals, MatrixContext context, MatrixSettings settings) =>
        MatrixMeasurement.Of(() => Fitter(target, rate, settings), signals, context, settings);

    private static ISignalFitter Fitter(ITargetFunction target, double rate, MatrixSettings settings)
    {
        if (settings.FitSteps > 0)
            return new GradientFitter(target, new GradientFitterOptions { Steps = settings.FitSteps, LearningRate = rate, Seed = settings.Seed });
        var clock = new SpentTime(settings.Clock);
        return new TimedFitter(clock, settings.Seconds, new GradientFitter(target, new GradientFitterOptions
        {
            Steps = int.MaxValue,
            LearningRate = rate,
            Seed = settings.Seed,
            Schedule = LearningRateSchedules.OverTime(() => clock.Seconds / settings.Seconds, LastFactor),
            EvaluateEvery = 1,
        }));
    }
}
