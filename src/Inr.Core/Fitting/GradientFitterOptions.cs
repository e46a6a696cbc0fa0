using Inr.Losses;
using Inr.Optimization;

namespace Inr;

/// <summary>How a <see cref="GradientFitter"/> runs.</summary>
public sealed record GradientFitterOptions
{
    /// <summary>What is lowered: pointwise error, observation and further terms.</summary>
    /// <value>The default is the mean squared error of the function's values.</value>
    public Loss Loss { get; init; } = Loss.MeanSquaredError;

    /// <summary>The number of steps.</summary>
    /// <value>The default is 1,000; at least 0.</value>
    public int Steps { get; init; } = 1_000;

    /// <summary>Ends the fit after this time, within a step; the learning rate then falls with the time. Fits that it ends do not repeat bit by bit.</summary>
    /// <value>The default is null: no limit.</value>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The clock of <see cref="TimeLimit"/>.</summary>
    /// <value>The default is the wall clock; <see cref="ProcessorTime"/> makes fits comparable on a busy machine.</value>
    public TimeProvider TimeSource { get; init; } = TimeProvider.System;

    /// <summary>The base learning rate.</summary>
    /// <value>The default is null: 1 for L-BFGS, else what the target suggests, else 1e-3.</value>
    public double? LearningRate { get; init; }

    /// <summary>The learning rate over the steps.</summary>
    /// <value>The default is half a cosine down to 0.01 of the base rate; L-BFGS ignores it.</value>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine();

    /// <summary>The optimizer.</summary>
    /// <value>The default is Adam.</value>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>An optimizer of your own; it takes the place of <see cref="Optimizer"/>.</summary>
    /// <value>The default is null.</value>
    public IOptimizer? CustomOptimizer { get; init; }

    /// <summary>The momentum of SGD.</summary>
    /// <value>The default is 0.9; in [0,1).</value>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The weight decay: decoupled for AdamW, an L2 penalty for Adam and SGD.</summary>
    /// <value>The default is 0.</value>
    public double WeightDecay { get; init; }

    /// <summary>The largest joint norm of the gradients; larger ones are scaled down to it.</summary>
    /// <value>The default is null: no clipping.</value>
    public double? ClipNorm { get; init; }

    /// <summary>Samples drawn at random (with replacement) for each step.</summary>
    /// <value>The default is null: every step uses all samples.</value>
    public int? BatchSize { get; init; }

    /// <summary>Samples that go through the function at a time. The gradient is the sum over the pieces, so only memory and speed depend on it.</summary>
    /// <value>The default is 8,192 on the CPU, where the activations of a piece stay in cache, and 262,144 elsewhere.</value>
    public int? SamplesPerPiece { get; init; }

    /// <summary>Whether the parameters in which the target is linear (the last layer of a perceptron) are solved by least squares at every step, so that the optimizer moves only the others.</summary>
    /// <value>The default is false. Variable projection (Golub and Pereyra, 1973) needs fewer steps, each 1.2 to 1.5 times as long, and bears larger rates:
    /// worth it for perceptrons with ReLU and from a good start, not for a SIREN from scratch (docs/results.md).</value>
    public bool SolveLinearPart { get; init; }

    /// <summary>The weight of the ridge penalty of that solve, relative to the mean diagonal of its normal equations.</summary>
    /// <value>The default is 1e-4; 0 to 1e3.</value>
    public double Ridge { get; init; } = 1e-4;

    /// <summary>Which entries of θ live: the others are 0 throughout, and the representation keeps the mask and the living values alone.</summary>
    /// <value>The default is null: all of them. The caller keeps the mask, and disposes of it after the fitter.</value>
    public ParameterMask? Mask { get; init; }

    /// <summary>Prunes weights in the course of the fit, within <see cref="Mask"/>; only states of the final density count as its result.</summary>
    /// <value>The default is null: none is pruned.</value>
    public PruningSchedule? Pruning { get; init; }

    /// <summary>Stops early once this PSNR over all samples is reached, in dB; where the loss is a mean squared error.</summary>
    /// <value>The default is null: all steps are done.</value>
    public double? TargetPsnr { get; init; }

    /// <summary>Steps between evaluations over all samples where steps use minibatches, and between progress reports.</summary>
    /// <value>The default is 25; at least 1.</value>
    public int EvaluateEvery { get; init; } = 25;

    /// <summary>The seed of the initial parameters and of the minibatches.</summary>
    /// <value>The default is 0.</value>
    public long Seed { get; init; }

    /// <summary>Where the fit runs.</summary>
    /// <value>The default is null: the CPU.</value>
    public Device? Device { get; init; }
}
