using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>Which views of a scene to load, at what size, and where the scene lies.</summary>
/// <remarks>
/// Lengths are in the units of the file of poses. What is not given comes from the file (<c>near</c>, <c>far</c>, and
/// <c>aabb_scale</c>, <c>scale</c>, <c>offset</c> of instant-ngp), else from where its cameras look: the scene's middle
/// is the place nearest to all view axes. Cameras that stand around the origin as in the synthetic NeRF scenes give
/// <see cref="SceneSpace.Standard"/>.
/// </remarks>
public sealed record NerfSceneOptions
{
    /// <summary>The box that pictures are resized to fit in; their aspect stays, and so do pixels of the right shape.</summary>
    /// <value>The default is null: the size of the files.</value>
    public ImageSize? Size { get; init; }

    /// <summary>The most views, from the first.</summary>
    /// <value>The default is null: all.</value>
    public int? Limit { get; init; }

    /// <summary>Where sampling of rays starts.</summary>
    /// <value>The default is null: before the cube, as seen from the nearest camera.</value>
    public double? Near { get; init; }

    /// <summary>Where it ends.</summary>
    /// <value>The default is null: behind the cube, as seen from the farthest camera.</value>
    public double? Far { get; init; }

    /// <summary>Half the side of the cube in which the scene lies.</summary>
    /// <value>The default is null: three eighths of the usual distance of a camera from the middle.</value>
    public double? HalfWidth { get; init; }

    /// <summary>The middle of the cube.</summary>
    /// <value>The default is null: where the cameras look.</value>
    public (double X, double Y, double Z)? Center { get; init; }

    /// <summary>The space of another part of the same scene; then the other bounds are not looked at.</summary>
    /// <value>The default is null: of any part, the space is that of the file to learn from.</value>
    public SceneSpace? Space { get; init; }
}
