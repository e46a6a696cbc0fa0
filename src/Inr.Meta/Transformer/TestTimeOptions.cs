using Inr.Optimization;

namespace Inr.Meta;

/// <summary>How gradient steps go on from what a meta-learner generated.</summary>
public sealed class TestTimeOptions
{
    /// <summary>The number of steps.</summary>
    /// <value>The default is 10; at least 0. The official view synthesis uses 100.</value>
    public int Steps { get; set; } = 10;

    /// <summary>The step size of Adam.</summary>
    /// <value>The default is null: what the target suggests, else 1e-3. The official view synthesis uses 1e-4.</value>
    public double? LearningRate { get; set; }

    /// <summary>The step size over the steps.</summary>
    /// <value>The default is constant, as in the official code.</value>
    public LearningRateSchedule Schedule { get; set; } = LearningRateSchedule.Constant;

    internal TestTimeOptions Copy() => (TestTimeOptions)MemberwiseClone();
}
