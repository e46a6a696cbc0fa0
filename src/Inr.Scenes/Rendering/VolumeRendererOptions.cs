using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>How rays through a radiance field are rendered.</summary>
public sealed record VolumeRendererOptions
{
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
}
