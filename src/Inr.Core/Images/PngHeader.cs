using System.Buffers.Binary;

namespace Inr;

/// <summary>The IHDR chunk of a PNG file, checked.</summary>
internal readonly record struct PngHeader(ImageSize Size, int BitDepth, int Color, bool Interlaced)
{
    // First row, first column, row step and column step of the seven passes of Adam7.
    private static readonly (int Top, int Left, int Down, int Right)[] Adam7 =
        [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)];

    /// <summary>The largest value of a sample.</summary>
    public int MaxSample => (1 << BitDepth) - 1;

    /// <summary>The channels of a pixel as stored.</summary>
    public int SamplesPerPixel => PngFormat.SamplesPerPixel(Color);

    /// <summary>The distance in bytes to the sample that filters compare with.</summary>
    public int FilterDistance => Math.Max(1, SamplesPerPixel * BitDepth / 8);

    /// <summary>The sub-images in the order in which they are stored: one, or those of Adam7 that hold a pixel.</summary>
    public IEnumerable<PngPass> Passes
    {
        get
        {
            var size = Size;
            return (Interlaced ? Adam7 : [(0, 0, 1, 1)])
                .Where(p => p.Top < size.Height && p.Left < size.Width)
                .Select(p => new PngPass(p.Top, p.Left, p.Down, p.Right, (size.Height - p.Top + p.Down - 1) / p.Down, (size.Width - p.Left + p.Right - 1) / p.Right));
        }
    }

    /// <summary>The bytes of a row of this many pixels, without the byte that names its filter.</summary>
    public long RowBytes(int width) => ((long)width * SamplesPerPixel * BitDepth + 7) / 8;

    /// <summary>Reads and checks the header.</summary>
    /// <exception cref="SignalLoadException">The header contradicts the specification, or the image is too large.</exception>
    public static PngHeader Parse(ReadOnlySpan<byte> data, string source, long maxPixels)
    {
        if (data.Length != 13)
            throw new SignalLoadException(source, $"its PNG header has {data.Length} bytes instead of 13; the file is damaged.");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        ImageReader.RequireSize(width, height, source, maxPixels);

        int depth = data[8];
        int color = data[9];
        bool known = (color, depth) switch
        {
            (PngFormat.ColorGrey, 1 or 2 or 4 or 8 or 16) => true,
            (PngFormat.ColorPalette, 1 or 2 or 4 or 8) => true,
            (PngFormat.ColorRgb or PngFormat.ColorGreyAlpha or PngFormat.ColorRgba, 8 or 16) => true,
            _ => false,
        };
        if (!known || data[10] != 0 || data[11] != 0 || data[12] > 1)
            throw new SignalLoadException(source, $"its PNG header (bit depth {depth}, colour type {color}, compression {data[10]}, filter {data[11]}, interlace {data[12]}) is not one of the specification; the file is damaged.");
        return new PngHeader(new ImageSize((int)height, (int)width), depth, color, data[12] == 1);
    }
}
