using Inr.Optimization;

namespace Inr;

/// <summary>How a meta-learner is trained.</summary>
public sealed record MetaTrainingOptions
{
    /// <summary>The number of outer steps in all, those of a resumed run included.</summary>
    /// <value>The default is 10,000; at least 0.</value>
    public int Steps { get; init; } = 10_000;

    /// <summary>Signals of one outer step.</summary>
    /// <value>The default is 4; at least 1.</value>
    public int BatchSize { get; init; } = 4;

    /// <summary>The base learning rate.</summary>
    /// <value>The default is null: what the learner suggests.</value>
    public double? LearningRate { get; init; }

    /// <summary>The learning rate over the outer steps.</summary>
    /// <value>The default is constant.</value>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>The outer update rule.</summary>
    /// <value>The default is null: Adam.</value>
    public IUpdateRule? Rule { get; init; }

    /// <summary>The largest joint norm of the outer gradient; a larger one is scaled down to it.</summary>
    /// <value>The default is null: no clipping.</value>
    public double? ClipNorm { get; init; }

    /// <summary>The seed of batches, subsets and whatever the learner draws. Each step has a random stream of its own, made from seed and step.</summary>
    /// <value>The default is 0.</value>
    public long Seed { get; init; }

    /// <summary>The share of each signal's samples that the learner adapts to, drawn anew in each step.</summary>
    /// <value>The default is 1: all samples, in the order of their grid.</value>
    public double ContextFraction { get; init; } = 1;

    /// <summary>The share of each signal's samples that the learner is judged on, drawn anew in each step and independently of the context.</summary>
    /// <value>The default is 1: all samples.</value>
    public double QueryFraction { get; init; } = 1;

    /// <summary>Signals to judge the learner on while it trains.</summary>
    /// <value>The default is null: none.</value>
    public ISignalDataset? HeldOut { get; init; }

    /// <summary>The most held-out signals to use, from the first.</summary>
    /// <value>The default is 32; at least 1.</value>
    public int HeldOutLimit { get; init; } = 32;

    /// <summary>Outer steps between two looks at the held-out signals.</summary>
    /// <value>The default is 500; at least 1.</value>
    public int EvaluateEvery { get; init; } = 500;

    /// <summary>Outer steps between two progress reports.</summary>
    /// <value>The default is 25; at least 1.</value>
    public int ReportEvery { get; init; } = 25;

    /// <summary>Where checkpoints go. The file is replaced only when the new one is complete.</summary>
    /// <value>The default is null: no checkpoints.</value>
    public string? CheckpointPath { get; init; }

    /// <summary>Outer steps between two checkpoints; there is always one at the end.</summary>
    /// <value>The default is 500; at least 1.</value>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>A checkpoint to go on from: the run then gives the very numbers of one that was never interrupted.</summary>
    /// <value>The default is null: start from the learner's weights as they are.</value>
    public string? ResumeFrom { get; init; }

    /// <summary>Ends the training after this time, within a step.</summary>
    /// <value>The default is null: no limit.</value>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Memory for decoded signals. Those that do not fit are loaded again each time.</summary>
    /// <value>The default is 1 GiB; at least 0.</value>
    public long CacheBytes { get; init; } = 1L << 30;
}
