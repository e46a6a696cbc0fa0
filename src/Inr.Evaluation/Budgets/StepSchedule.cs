namespace Inr.Evaluation;

/// <summary>How many gradient steps, of how many samples, with how many looks at the whole signal in between.</summary>
/// <param name="Steps">The number of steps.</param>
/// <param name="Batch">Random samples of a step; null for all.</param>
/// <param name="EvaluateEvery">Steps between evaluations of all samples where steps use batches, and between reports.</param>
public readonly record struct StepSchedule(int Steps, int? Batch, int EvaluateEvery)
{
    private const int DefaultSteps = 1_000;

    // On the CPU, the activations of a batch of this size stay in cache; a GPU takes whole photos at once.
    private const int CpuBatch = 8_192;

    // A long wait without a word is worse than a report too many.
    private const int UsualReports = 10;

    /// <summary>What the settings say, or suits the device.</summary>
    /// <param name="settings">What was chosen.</param>
    /// <param name="samples">The samples of the signal.</param>
    /// <param name="onCpu">Whether the fit runs on the processor.</param>
    public static StepSchedule Of(TargetSettings settings, long samples, bool onCpu)
    {
        int steps = settings.Steps ?? (settings.Seconds is null ? DefaultSteps : int.MaxValue);
        int wanted = settings.Batch ?? (onCpu ? CpuBatch : 0);
        int pause = Math.Max(1, Math.Min(25, steps / UsualReports));
        if (wanted == 0 || wanted >= samples)
            return new StepSchedule(steps, null, pause);
        // Looking at all samples costs a third of a step per batch of them: keep it below a tenth of the whole.
        int affordable = (int)(samples / wanted * 10 / 3);
        return new StepSchedule(steps, wanted, Math.Max(pause, affordable));
    }
}
