namespace Inr.Evaluation;

/// <summary>Evaluates one contender on one signal.</summary>
internal sealed class ContenderEvaluation
{
    private const int RenderRepeats = 3;
    private const int RandomAccessSamples = 4_096;

    private readonly ComparisonSettings _settings;
    private readonly CancellationToken _cancellation;

    /// <param name="settings">What was chosen.</param>
    /// <param name="cancellation">Ends a fit.</param>
    public ContenderEvaluation(ComparisonSettings settings, CancellationToken cancellation)
    {
        _settings = settings;
        _cancellation = cancellation;
    }

    /// <summary>Fits and measures.</summary>
    /// <param name="contender">Target function and budget.</param>
    /// <param name="tuning">What was found out about it.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="store">Where the row is kept.</param>
    /// <param name="withTimes">Whether renders are timed too.</param>
    /// <param name="progress">Told where the fit stands.</param>
    /// <returns>A result of one signal.</returns>
    public EvaluationResult Run(Contender contender, Tuning tuning, Signal signal, IEvaluationStore store, bool withTimes, IProgress<FitProgress>? progress)
    {
        var options = new EvaluationOptions
        {
            Context = _settings.Context,
            Seed = _settings.Seed,
            // The estimate of the cost has warmed up.
            WarmUpFits = 0,
            RenderRepeats = withTimes ? RenderRepeats : 0,
            RandomAccessSamples = withTimes ? RandomAccessSamples : 0,
            Store = store,
        };
        var chosen = tuning.Apply(_settings.For(contender, signal));
        return Evaluator.Run(s => CreateFitter(contender.Entry, chosen, _settings, s), new SignalList([signal]), options, progress is null ? null : new Relay(progress), _cancellation);
    }

    /// <summary>The fitter of a target function for signals of a shape.</summary>
    /// <exception cref="FloatBudgetException">The budget is too small.</exception>
    public static ISignalFitter CreateFitter(TargetEntry entry, TargetSettings chosen, ComparisonSettings settings, Signal signal)
    {
        var fitter = entry.CreateFitter(chosen, signal, settings.Device, settings.Seed);
        return entry.IsNullModel && chosen.SampleGrid is { } grid ? new NearestFill(fitter, grid) : fitter;
    }

    private sealed class Relay(IProgress<FitProgress> inner) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value)
        {
            if (value.Fit is { } fit)
                inner.Report(fit);
        }
    }
}
