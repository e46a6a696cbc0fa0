using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Studies.Matrix;

/// <summary>Small squares of large images.</summary>
internal static class ImageCrops
{
    /// <summary>A square of factor·side pixels, factor×factor of which are averaged to one.</summary>
    /// <param name="image">The image; the caller keeps it.</param>
    /// <param name="side">The side of the result.</param>
    /// <param name="factor">Pixels that make one, along an axis; fewer where the image is too small.</param>
    /// <param name="down">Where the square lies, from 0 (top) to 1 (bottom).</param>
    /// <param name="right">Where it lies, from 0 (left) to 1 (right).</param>
    /// <param name="name">The name of the result.</param>
    public static Signal Square(Signal image, int side, int factor, double down, double right, string name)
    {
        using var scope = NewDisposeScope();
        int height = image.Height();
        int width = image.Width();
        factor = Math.Min(factor, Math.Min(height, width) / side);
        int taken = factor * side;
        var pixels = image.Values.reshape(height, width, image.Channels)
            .narrow(0, (long)(down * (height - taken)), taken).narrow(1, (long)(right * (width - taken)), taken);
        return Signal.FromGrid(pixels.reshape(side, factor, side, factor, image.Channels).mean([1, 3]), [side, side], name);
    }
}
