namespace Inr.Parameterizations.CompressedFourier;

/// <summary>The colors of a picture, with a margin of a color that no sample has: what is not there, or not yet.</summary>
internal sealed class ExactPlane
{
    /// <summary>The color of a sample that is not there.</summary>
    public const ulong Unknown = 0x6B5FCA6BF0B1D5A7;

    /// <summary>Samples around the picture that may be asked for.</summary>
    public const int Margin = 3;

    /// <param name="width">Samples of a row.</param>
    /// <param name="height">Rows.</param>
    public ExactPlane(int width, int height)
    {
        Width = width;
        Height = height;
        Stride = width + (2 * Margin);
        Colors = new ulong[Stride * (height + Margin)];
        Array.Fill(Colors, Unknown);
    }

    /// <summary>Samples of a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>From a color to the one below it.</summary>
    public int Stride { get; }

    /// <summary>All colors, those of the margin included.</summary>
    public ulong[] Colors { get; }

    /// <summary>Where a sample is among <see cref="Colors"/>.</summary>
    public int At(int x, int y) => ((y + Margin) * Stride) + x + Margin;
}
