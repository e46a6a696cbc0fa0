namespace Inr;

/// <summary>What a meta-training did and reached.</summary>
public sealed record MetaTrainingResult
{
    /// <summary>How it ended.</summary>
    public required MetaTrainingStatus Status { get; init; }

    /// <summary>A sentence for a person: how it ended and what it reached.</summary>
    public required string Message { get; init; }

    /// <summary>Outer steps done in all, those of the run that was resumed included.</summary>
    public required int Steps { get; init; }

    /// <summary>The mean squared error over the queries of the last steps; NaN where no step was done.</summary>
    public required double Loss { get; init; }

    /// <summary>The mean PSNR of the held-out signals at the end, in dB; null where there were none.</summary>
    public double? HeldOutPsnr { get; init; }

    /// <summary>Wall-clock time of this run.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Every progress report.</summary>
    public required IReadOnlyList<MetaTrainingProgress> History { get; init; }

    /// <summary>The signals that were left out, each with the reason.</summary>
    public required IReadOnlyList<SkippedSignal> Skipped { get; init; }

    /// <summary>How the signals are sampled: what a learner keeps as <see cref="IMetaLearner.TrainedOn"/>. Null where no step was left to do.</summary>
    public SignalDomain? TrainedOn { get; init; }

    /// <summary>The PSNR of <see cref="Loss"/> in dB, for a peak of 1.</summary>
    public double Psnr => -10 * Math.Log10(Loss);
}
