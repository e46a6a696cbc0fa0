using StbImageSharp;

namespace Inr;

/// <summary>Reads baseline and progressive JPEG: checks the structure of the file, then lets StbImageSharp decode.</summary>
/// <remarks>
/// The decoder fills what a truncated file lacks with grey and reports success, so the markers are walked first, up to
/// the end-of-image marker.
/// </remarks>
internal static class JpegReader
{
    private const byte StartOfImage = 0xD8;

    /// <summary>Whether data start like a JPEG file.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> data) => data.Length >= 3 && data[0] == 0xFF && data[1] == StartOfImage && data[2] == 0xFF;

    /// <summary>Reads a JPEG file.</summary>
    /// <exception cref="SignalLoadException">The file is truncated or damaged, or the image is too large.</exception>
    public static PixelBuffer Read(ArraySegment<byte> file, string source, ImageLoadOptions options)
    {
        var header = JpegHeader.Parse(file, source, options.MaxPixels);
        int channels = header.Components == 1 ? 1 : 3;
        var image = header is { Components: 4, HasAdobe: false }
            ? DecodeInks(file, header, source)
            : Decode(file, channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue, source);

        var stored = new ImageSize(image.Height, image.Width);
        var placement = PixelPlacement.Of(stored, options.KeepStoredOrientation ? ExifOrientation.Upright : header.Orientation);
        var buffer = new PixelBuffer(placement.Size, channels) { Format = new SampleFormat(8) };
        if (placement.Right == 1)
        {
            // Rows stay whole, which is the usual case.
            int row = stored.Width * channels;
            for (int y = 0; y < stored.Height; y++)
                PixelSamples.Read(image.Data.AsSpan(y * row, row), buffer.Values.Slice(placement[y, 0] * channels, row));
            return buffer;
        }

        int at = 0;
        for (int y = 0; y < stored.Height; y++)
        {
            for (int x = 0; x < stored.Width; x++, at += channels)
                PixelSamples.Read(image.Data.AsSpan(at, channels), buffer.Values.Slice(placement[y, x] * channels, channels));
        }

        return buffer;
    }

    private static ImageResult Decode(ArraySegment<byte> file, ColorComponents wanted, string source)
    {
        try
        {
            using var stream = new MemoryStream(file.Array!, file.Offset, file.Count, writable: false);
            return ImageResult.FromStream(stream, wanted);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The decoder meets damage with whatever its arithmetic runs into, index errors included.
            throw new SignalLoadException(source, $"its JPEG data cannot be decoded ({e.Message}).", e);
        }
    }

    /// <summary>Decodes the four printing colours of a file without Adobe's marker: cyan, magenta, yellow and black, 255 is full ink.</summary>
    /// <remarks>
    /// The decoder takes such a file for colour and light with a component too many, but hands out the first component as it
    /// is where grey is asked for. So each component in turn is made the first: their descriptions in the header change
    /// places, the image data refer to them by name. Then red = (255 − C)·(255 − K)/255, and so on.
    /// </remarks>
    private static ImageResult DecodeInks(ReadOnlySpan<byte> file, JpegHeader header, string source)
    {
        var copy = file.ToArray();
        var black = First(copy, header, 3, source);
        var result = new ImageResult { Width = black.Width, Height = black.Height, Data = new byte[3 * black.Data.Length] };
        for (int k = 0; k < 3; k++)
        {
            var ink = First(copy, header, k, source);
            for (int i = 0; i < ink.Data.Length; i++)
                result.Data[3 * i + k] = (byte)(((255 - ink.Data[i]) * (255 - black.Data[i]) + 127) / 255);
        }

        return result;
    }

    private static ImageResult First(byte[] file, JpegHeader header, int component, string source)
    {
        var first = file.AsSpan(header.ComponentsStart, JpegHeader.ComponentBytes);
        var other = file.AsSpan(header.ComponentsStart + component * JpegHeader.ComponentBytes, JpegHeader.ComponentBytes);
        Swap(first, other);
        var image = Decode(file, ColorComponents.Grey, source);
        Swap(first, other);
        return image;
    }

    private static void Swap(Span<byte> a, Span<byte> b)
    {
        for (int i = 0; i < a.Length; i++)
            (a[i], b[i]) = (b[i], a[i]);
    }
}
