namespace Inr;

/// <summary>The size of an image in pixels.</summary>
/// <param name="Height">The number of rows.</param>
/// <param name="Width">The number of columns.</param>
public readonly record struct ImageSize(int Height, int Width)
{
    /// <summary>As many rows as columns.</summary>
    public static ImageSize Square(int side) => new(side, side);

    /// <summary>The number of pixels.</summary>
    public long PixelCount => (long)Height * Width;

    /// <inheritdoc/>
    public override string ToString() => $"{Width}×{Height}";
}
