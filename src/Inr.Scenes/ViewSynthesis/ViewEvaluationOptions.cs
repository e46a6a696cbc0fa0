using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>How a <see cref="ViewSynthesizer"/> is judged on scenes.</summary>
public sealed record ViewEvaluationOptions
{
    /// <summary>How often each scene is judged, with other views each time.</summary>
    /// <value>The default is 100, as in the official evaluation; at least 1.</value>
    public int Repeats { get; init; } = 100;

    /// <summary>The views to look at.</summary>
    /// <value>The default is null: as many as in training.</value>
    public int? SupportViews { get; init; }

    /// <summary>Steps of test-time optimization on the views looked at.</summary>
    /// <value>The default is 0: one forward pass. 100 in the official evaluation with test-time optimization.</value>
    public int OptimizeSteps { get; init; }

    /// <summary>The step size of test-time optimization.</summary>
    /// <value>The default is 1e-4, as in the official code.</value>
    public double OptimizeRate { get; init; } = 1e-4;

    /// <summary>Rays of a step of test-time optimization.</summary>
    /// <value>The default is 1,024, as in the official code.</value>
    public int OptimizeRays { get; init; } = 1024;

    /// <summary>The most scenes, from the first.</summary>
    /// <value>The default is null: all.</value>
    public int? Limit { get; init; }

    /// <summary>The seed of the choice of views and rays; each scene and repeat has a stream of its own. The official choice has no seed.</summary>
    /// <value>The default is 0.</value>
    public long Seed { get; init; }
}
