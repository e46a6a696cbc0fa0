using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>How rays through a radiance field are rendered.</summary>
public sealed record VolumeRendererOptions
{
    private const double PointsPerUnit = 32;
    private const int FewestPoints = 128;
    private const int MostPoints = 1_024;

    /// <summary>Where sampling starts, in units of the ray's direction.</summary>
    /// <value>The default is 2, as in the synthetic NeRF and ShapeNet scenes.</value>
    public double Near { get; init; } = 2;

    /// <summary>Where it ends.</summary>
    /// <value>The default is 6.</value>
    public double Far { get; init; } = 6;

    /// <summary>Points on a ray.</summary>
    /// <value>The default is 128; at least 2.</value>
    public int PointsPerRay { get; init; } = 128;

    /// <summary>Whether what the ray does not hit is white; otherwise black.</summary>
    /// <value>The default is true.</value>
    public bool WhiteBackground { get; init; } = true;

    /// <summary>The range of a scene in the units of its field, with 32 points for each unit, 128 at least and 1,024 at most.</summary>
    /// <param name="space">Where the scene lies, such as <see cref="NerfScene.Space"/>.</param>
    public static VolumeRendererOptions Of(SceneSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        double near = space.Near * space.Scale, far = space.Far * space.Scale;
        return new VolumeRendererOptions
        {
            Near = near,
            Far = far,
            PointsPerRay = (int)Math.Clamp(Math.Round((far - near) * PointsPerUnit), FewestPoints, MostPoints),
        };
    }
}
