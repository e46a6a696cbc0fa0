namespace Inr;

/// <summary>Renders images by width and height, the way pictures are spoken of.</summary>
public static class ImageRendering
{
    /// <summary>Renders an image: <c>photo.Render(width: 2048, height: 1536)</c>.</summary>
    /// <param name="representation">A representation of two coordinates (row, column).</param>
    /// <param name="width">Columns. Name the arguments: the positional <see cref="ImplicitRepresentation.Render(ReadOnlySpan{int})"/> takes rows first, as every grid does.</param>
    /// <param name="height">Rows.</param>
    /// <returns>The picture; the caller owns it.</returns>
    /// <exception cref="ArgumentException">A size is below 1, or the representation is not of an image.</exception>
    public static Signal Render(this ImplicitRepresentation representation, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(representation);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ReadOnlySpan<int> shape = [height, width];
        return representation.Render(shape);
    }
}
