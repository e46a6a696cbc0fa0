namespace Inr.Parameterizations;

/// <summary>The cosines of a <see cref="CosineTarget"/>.</summary>
public sealed record CosineOptions
{
    /// <summary>Frequencies along each axis, from 0; 32 by default, from 1 to 4,096.</summary>
    /// <value>Where the builder knows the size of the images, it is that size: such images are represented exactly.</value>
    public int Frequencies { get; init; } = 32;
}
