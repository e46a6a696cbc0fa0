using Inr.Losses;
using Inr.Optimization;

namespace Inr.Meta;

/// <summary>How gradient steps go on from what a meta-learner generated.</summary>
public sealed record TestTimeOptions
{
    /// <summary>The number of steps.</summary>
    /// <value>The default is 10; at least 0. The official view synthesis uses 100.</value>
    public int Steps { get; init; } = 10;

    /// <summary>The step size of Adam.</summary>
    /// <value>The default is null: what the target suggests, else 1e-3. The official view synthesis uses 1e-4.</value>
    public double? LearningRate { get; init; }

    /// <summary>The step size over the steps.</summary>
    /// <value>The default is constant, as in the official code.</value>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>What the steps lower.</summary>
    /// <value>The default is the mean squared error of the function's values. A learner of scenes needs what it sees: rays.</value>
    public Loss Loss { get; init; } = Loss.MeanSquaredError;

    /// <summary>Samples drawn at random for each step, at the same places of all signals of a batch where they are of one size.</summary>
    /// <value>The default is null: every step uses all samples. The official view synthesis draws 1,024 rays.</value>
    public int? BatchSize { get; init; }

    /// <summary>The seed of what the steps draw.</summary>
    /// <value>The default is 0.</value>
    public long Seed { get; init; }

    /// <summary>Whether the parameters in which the target is linear are solved anew at each step, so that the steps need to improve only the others.</summary>
    /// <value>The default is false. It suits learners that solve them too (<see cref="TransformerOptions.SolveLinearPart"/>): there a
    /// plain step spoils the fit between features and solution. All samples take part in every step.</value>
    public bool SolveLinearPart { get; init; }

    /// <summary>The weight of the ridge penalty of that solve, relative to the mean diagonal of its normal equations.</summary>
    /// <value>The default is 1e-4; 0 to 1e3.</value>
    public double Ridge { get; init; } = 1e-4;
}
