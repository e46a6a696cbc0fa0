namespace Inr.Evaluation;

/// <summary>A family of target functions as comparisons and command lines offer it.</summary>
/// <param name="Name">Its name in reports: lower-case words joined by hyphens.</param>
/// <param name="Summary">What it is, in a few words.</param>
/// <param name="Use">Chooses it on a builder.</param>
public sealed record TargetEntry(string Name, string Summary, Action<InrBuilder, TargetSettings> Use)
{
    /// <summary>How the family spends a float budget.</summary>
    public required IFloatBudget Budget { get; init; }

    /// <summary>The choices that mean something to the family.</summary>
    public TargetChoices Choices { get; init; }

    /// <summary>The fewest layers that it takes, the output layer included.</summary>
    public int FewestLayers { get; init; } = 1;

    /// <summary>Whether it is a null model: what a claim about another target function has to beat.</summary>
    public bool IsNullModel { get; init; }

    /// <summary>Whether it belongs to a short list for newcomers.</summary>
    public bool InDemo { get; init; } = true;

    /// <summary>Whether it is fitted by gradient steps; else in closed form or by a search of its own.</summary>
    public bool IsIterative { get; init; } = true;

    /// <summary>A fitter for signals like a given one.</summary>
    /// <param name="settings">What was chosen; a budget is spent as the family does it.</param>
    /// <param name="signal">The signal: its shape and its number of samples count.</param>
    /// <param name="device">Where the fit runs.</param>
    /// <param name="seed">The seed of every random choice.</param>
    /// <returns>The fitter; the caller owns it.</returns>
    /// <exception cref="FloatBudgetException">The budget is too small.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A choice is out of range.</exception>
    public ISignalFitter CreateFitter(TargetSettings settings, Signal signal, InrDevice device, long seed)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(signal);
        var shape = SignalShape.Of(signal);
        var spent = settings.Floats is null ? settings : Budget.Spend(this, settings, shape);
        var builder = shape.Builder().WithSeed(seed);
        // A closed form takes no steps and runs on the processor, whatever was asked for.
        if (IsIterative)
        {
            bool onCpu = device.Resolve().type == DeviceType.CPU;
            var schedule = StepSchedule.Of(spent, signal.SampleCount, onCpu);
            builder.OnDevice(device).FitWith(o => o with
            {
                Steps = schedule.Steps,
                TimeLimit = spent.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                // A GPU works on while the processor waits.
                TimeSource = onCpu ? new ProcessorTime(TorchRuntime.Threads) : TimeProvider.System,
                LearningRate = spent.LearningRate,
                BatchSize = schedule.Batch,
                SolveLinearPart = spent.SolvesLinear,
                EvaluateEvery = schedule.EvaluateEvery,
            });
        }

        Use(builder, spent);
        return builder.Build();
    }
}
