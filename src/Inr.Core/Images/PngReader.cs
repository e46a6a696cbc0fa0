using System.IO.Compression;

namespace Inr;

/// <summary>Reads PNG of every colour type, bit depth and interlacing to full precision.</summary>
/// <remarks>
/// The usual decoder in C# reduces 16 bits to 8 and does not verify checksums, so pixels of a damaged or truncated file
/// would pass as real. This one inflates row by row, so that a hostile stream cannot make it allocate more than the
/// header promised, which was checked before.
/// </remarks>
internal static class PngReader
{
    /// <summary>Reads a PNG file.</summary>
    /// <exception cref="SignalLoadException">The file is truncated or damaged, or the image is too large.</exception>
    public static PixelBuffer Read(ReadOnlyMemory<byte> file, string source, ImageLoadOptions options)
    {
        var chunks = PngChunks.Read(file, source, options.MaxPixels);
        var header = chunks.Header;
        var placement = PixelPlacement.Of(header.Size, options.KeepStoredOrientation ? ExifOrientation.Upright : chunks.Orientation);
        var pixels = new PngPixels(chunks, placement, source);
        var image = new PixelBuffer(placement.Size, pixels.Channels) { Format = new SampleFormat(Math.Max(8, header.BitDepth)) };
        try
        {
            Inflate(chunks, pixels, image.Values, source);
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private static void Inflate(PngChunks chunks, PngPixels pixels, Span<float> values, string source)
    {
        var header = chunks.Header;
        using var inflated = new ZLibStream(chunks.OpenCompressed(), CompressionMode.Decompress);
        try
        {
            foreach (var pass in header.Passes)
            {
                var row = new byte[header.RowBytes(pass.Width)];
                var above = new byte[row.Length];
                for (int y = 0; y < pass.Height; y++)
                {
                    int filter = inflated.ReadByte();
                    inflated.ReadExactly(row);
                    if (filter is < PngFormat.FilterNone or > PngFormat.FilterPaeth)
                        throw filter < 0 ? PngChunks.Truncated(source) : new SignalLoadException(source, $"it uses the PNG row filter {filter}, which does not exist; the file is damaged.");
                    Unfilter(row, above, filter, header.FilterDistance);
                    pixels.Convert(row, pass, pass.Top + y * pass.Down, values);
                    (row, above) = (above, row);
                }
            }
        }
        catch (EndOfStreamException e)
        {
            throw PngChunks.Truncated(source, e);
        }
        catch (InvalidDataException e)
        {
            throw new SignalLoadException(source, "its compressed pixels are damaged.", e);
        }
    }

    // Bytes before the row's start and above the first row count as 0.
    private static void Unfilter(Span<byte> row, ReadOnlySpan<byte> above, int filter, int distance)
    {
        switch (filter)
        {
            case PngFormat.FilterSub:
                for (int i = distance; i < row.Length; i++)
                    row[i] += row[i - distance];
                break;
            case PngFormat.FilterUp:
                for (int i = 0; i < row.Length; i++)
                    row[i] += above[i];
                break;
            case PngFormat.FilterAverage:
                for (int i = 0; i < row.Length; i++)
                    row[i] += (byte)(((i < distance ? 0 : row[i - distance]) + above[i]) / 2);
                break;
            case PngFormat.FilterPaeth:
                for (int i = 0; i < row.Length; i++)
                    row[i] += (byte)(i < distance ? above[i] : PngFormat.Paeth(row[i - distance], above[i], above[i - distance]));
                break;
        }
    }
}
