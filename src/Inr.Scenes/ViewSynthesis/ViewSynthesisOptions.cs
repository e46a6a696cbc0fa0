using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>How a <see cref="ViewSynthesizer"/> learns from scenes: what it looks at, and what it is judged on.</summary>
public sealed record ViewSynthesisOptions
{
    /// <summary>The views of a scene that it looks at in training.</summary>
    /// <value>The default is 1; at least 1. The official configurations have 1 and 2.</value>
    public int SupportViews { get; init; } = 1;

    /// <summary>Random rays of another view of the scene on which a step judges it.</summary>
    /// <value>The default is 128, as in the official configuration; at least 2.</value>
    public int RaysPerScene { get; init; } = 128;

    /// <summary>The first outer steps in which half of the rays meet the object: pixels that are not white. Without it, training may settle on an empty scene.</summary>
    /// <value>The default is 0; the official configuration has one epoch, which is the number of scenes over the batch size.</value>
    public int ForegroundSteps { get; init; }

    /// <summary>Range, points and background of a ray.</summary>
    /// <value>The defaults are the official ones.</value>
    public VolumeRendererOptions Renderer { get; init; } = new();
}
