using System.Diagnostics;
using Inr.Cli.Targets;
using Inr.Evaluation;
using Inr.Optimization;

namespace Inr.Cli.Studies.Matrix;

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
    public static EvaluationResult FitFromScratch(ITargetFunction target, double rate, ISignalDataset signals, MatrixContext context, MatrixSettings settings)
    {
        bool counted = settings.FitSteps > 0;
        return Evaluator.Run(_ => new GradientFitter(target, Options(rate, settings)), signals, new EvaluationOptions
        {
            Context = context.Context,
            Seed = settings.Seed,
            FitTimeLimit = counted ? null : TimeSpan.FromSeconds(settings.Seconds),
            WarmUpFits = 0,
            RenderRepeats = 0,
            RandomAccessSamples = 0,
        });
    }

    private static GradientFitterOptions Options(double rate, MatrixSettings settings)
    {
        if (settings.FitSteps > 0)
            return new GradientFitterOptions { Steps = settings.FitSteps, LearningRate = rate, Seed = settings.Seed };
        var clock = Stopwatch.StartNew();
        return new GradientFitterOptions
        {
            Steps = int.MaxValue,
            LearningRate = rate,
            Seed = settings.Seed,
            Schedule = LearningRateSchedules.OverTime(() => clock.Elapsed.TotalSeconds / settings.Seconds, LastFactor),
        };
    }
}
