using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>The shape of a <see cref="NerfMlp"/>.</summary>
public sealed record NerfMlpOptions
{
    /// <summary>The width of the hidden layers.</summary>
    /// <value>The default is 256; 1 to 8,192.</value>
    public int Width { get; init; } = 256;

    /// <summary>The number of layers in all, the output layer included.</summary>
    /// <value>The default is 6; 1 to 64.</value>
    public int Depth { get; init; } = 6;

    /// <summary>The encoding of each coordinate: half of this many frequencies, a cosine and a sine of each.</summary>
    /// <value>The default is 40; even, 2 to 4,096.</value>
    public int EncodingSize { get; init; } = 40;

    /// <summary>Whether the color depends on the direction of the ray; the density never does.</summary>
    /// <value>The default is false, as in every official configuration.</value>
    public bool ViewDirections { get; init; }

    /// <summary>The encoding of each coordinate of the direction: half of this many frequencies 1, 2, 4, …, a cosine and a sine of each; 0 takes the direction as it is.</summary>
    /// <value>The default is 8, as in NeRF; even, 0 to 64. Without <see cref="ViewDirections"/> it has no meaning.</value>
    public int DirectionEncodingSize { get; init; } = 8;

    /// <summary>Cells on each axis of a mask among θ that says which parts of the cube of <see cref="Space"/> may hold matter; elsewhere the density is 0. 24 cells make one number, which gradients leave alone.</summary>
    /// <value>The default is 0: no mask; else 2 to 256.</value>
    public int MaskResolution { get; init; }

    /// <summary>The place of the scene in the world, which files of the field keep for those who render it.</summary>
    /// <value>The default is <see cref="SceneSpace.Standard"/>.</value>
    public SceneSpace Space { get; init; } = SceneSpace.Standard;
}
