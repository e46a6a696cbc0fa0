namespace Inr.Meta;

/// <summary>A member of the gradient-based family, as values on its axes. <see cref="GradientMethods"/> has the published ones.</summary>
public sealed record GradientMetaOptions
{
    /// <summary>Which numbers adapt to each signal.</summary>
    /// <value>The default is <see cref="AdaptedPart.All"/>.</value>
    public AdaptedPart Adapt { get; init; } = AdaptedPart.All;

    /// <summary>The number of layers that adapt with <see cref="AdaptedPart.LastLayers"/>.</summary>
    /// <value>The default is 1; at least 1.</value>
    public int LastLayers { get; init; } = 1;

    /// <summary>The parameters that adapt with <see cref="AdaptedPart.Named"/>.</summary>
    /// <value>The default is empty.</value>
    public IReadOnlyList<string> AdaptedNames { get; init => field = [.. value]; } = [];

    /// <summary>The length of the latent with <see cref="AdaptedPart.Latent"/>.</summary>
    /// <value>The default is 256; 1 to 65,536.</value>
    public int LatentSize { get; init; } = 256;

    /// <summary>What the latent does to a layer.</summary>
    /// <value>The default is <see cref="Modulation.Shift"/>.</value>
    public Modulation Modulation { get; init; } = Modulation.Shift;

    /// <summary>The layers that the latent modulates, from 0.</summary>
    /// <value>The default is empty: all but the last.</value>
    public IReadOnlyList<int> ModulatedLayers { get; init => field = [.. value]; } = [];

    /// <summary>The inner steps in training, and in adaptation where nobody asks for another number.</summary>
    /// <value>The default is 2; 0 to 10,000. With 0, θ is the initialization.</value>
    public int InnerSteps { get; init; } = 2;

    /// <summary>The inner update rule.</summary>
    /// <value>The default is <see cref="InnerUpdate.Sgd"/>.</value>
    public InnerUpdate InnerUpdate { get; init; } = InnerUpdate.Sgd;

    /// <summary>The momentum of <see cref="InnerUpdate.Momentum"/>.</summary>
    /// <value>The default is 0.9; in [0,1).</value>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The inner step size, or the one that learning starts from.</summary>
    /// <value>The default is 0.01; above 0.</value>
    public double StepSize { get; init; } = 0.01;

    /// <summary>Where set, learned step sizes start from random values between <see cref="StepSize"/> and this.</summary>
    /// <value>The default is null: all start from <see cref="StepSize"/>.</value>
    public double? StepSizeUpTo { get; init; }

    /// <summary>Where step sizes come from.</summary>
    /// <value>The default is <see cref="StepSizeRule.Fixed"/>.</value>
    public StepSizeRule StepSizeRule { get; init; } = StepSizeRule.Fixed;

    /// <summary>Whether each inner step has learned step sizes of its own; steps beyond the trained ones use the last.</summary>
    /// <value>The default is false.</value>
    public bool StepSizePerStep { get; init; }

    /// <summary>The smallest learned step size; the outer loop clamps to it.</summary>
    /// <value>The default is null: none, as in Meta-SGD, whose sizes may turn negative.</value>
    public double? MinStepSize { get; init; }

    /// <summary>The largest learned step size; the outer loop clamps to it.</summary>
    /// <value>The default is null: none.</value>
    public double? MaxStepSize { get; init; }

    /// <summary>The learning rate of the step sizes as a multiple of that of the other weights.</summary>
    /// <value>The default is 1; above 0.</value>
    public double StepSizeRateScale { get; init; } = 1;

    /// <summary>How the outer loop differentiates.</summary>
    /// <value>The default is <see cref="OuterGradient.Exact"/>.</value>
    public OuterGradient OuterGradient { get; init; } = OuterGradient.Exact;

    /// <summary>The last inner steps that <see cref="OuterGradient.Truncated"/> differentiates.</summary>
    /// <value>The default is 1; at least 1.</value>
    public int TruncateTo { get; init; } = 1;

    /// <summary>Whether training recomputes each inner step when it differentiates it, rather than keeping all their graphs: the same gradient for a third more time, and memory that hardly grows with the steps.</summary>
    /// <value>The default is false.</value>
    public bool RecomputeSteps { get; init; }

    /// <summary>Samples of all tasks that go through the target at a time: as many whole tasks as fit, at least one. It changes speed and memory, not the result.</summary>
    /// <value>The default is 2,048 on the CPU, where the activations then stay in cache, and 262,144 elsewhere; 1 to 2^24.</value>
    public int? SamplesPerPiece { get; init; }

    /// <summary>The largest norm of each signal's inner gradient; a larger one is scaled down to it.</summary>
    /// <value>The default is null: no clipping.</value>
    public double? InnerClipNorm { get; init; }

    /// <summary>Which samples an inner step uses.</summary>
    /// <value>The default is <see cref="ContextSelection.All"/>.</value>
    public ContextSelection Selection { get; init; } = ContextSelection.All;

    /// <summary>The share of the context that an inner step uses where <see cref="Selection"/> is not All.</summary>
    /// <value>The default is 0.25; above 0 and at most 1.</value>
    public double SelectionShare { get; init; } = 0.25;

    /// <summary>Whether <see cref="Selection"/> also holds when a trained learner adapts. GradNCP trains on a part and adapts to everything.</summary>
    /// <value>The default is false.</value>
    public bool SelectInAdaptation { get; init; }

    /// <summary>Whether the parameters that the target is linear in are solved in closed form in every inner step rather than adapted by gradient.</summary>
    /// <value>The default is false.</value>
    public bool SolveLinearPart { get; init; }

    /// <summary>The ridge of that solve, relative to the mean diagonal of the normal equations.</summary>
    /// <value>The default is 1e-4; above 0.</value>
    public double Ridge { get; init; } = 1e-4;

    /// <summary>The learning rate of the outer Adam where the training options name none.</summary>
    /// <value>The default is 1e-4; above 0.</value>
    public double OuterLearningRate { get; init; } = 1e-4;

    /// <summary>Steps of gradient descent that <see cref="ISignalFitter.Fit"/> adds to the adaptation, over all trainable parameters.</summary>
    /// <value>The default is 0; at most 1,000,000.</value>
    public int OptimizeSteps { get; init; }

    /// <summary>The learning rate of those steps.</summary>
    /// <value>The default is null: what the target suggests for Adam.</value>
    public double? OptimizeLearningRate { get; init; }

    /// <summary>The seed of the initial weights and of the samples that adaptation draws.</summary>
    /// <value>The default is 0.</value>
    public long Seed { get; init; }

    /// <summary>The inner steps at the end of the unroll that are differentiated.</summary>
    internal int DifferentiatedSteps => OuterGradient switch
    {
        OuterGradient.Exact => InnerSteps,
        OuterGradient.Truncated => Math.Min(TruncateTo, InnerSteps),
        _ => 0,
    };
}
