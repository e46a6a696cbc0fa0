namespace Inr;

/// <summary>A sub-image of a PNG file: every so many rows and columns of the image from a first pixel on.</summary>
/// <param name="Top">The first row.</param>
/// <param name="Left">The first column.</param>
/// <param name="Down">The step between rows.</param>
/// <param name="Right">The step between columns.</param>
/// <param name="Height">Rows of the sub-image.</param>
/// <param name="Width">Columns of the sub-image.</param>
internal readonly record struct PngPass(int Top, int Left, int Down, int Right, int Height, int Width);
