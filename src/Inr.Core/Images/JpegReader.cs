using StbImageSharp;

namespace Inr;

/// <summary>Reads baseline and progressive JPEG: checks the structure of the file, then lets StbImageSharp decode.</summary>
/// <remarks>
/// The decoder fills what a truncated file lacks with grey and reports success, so the markers are walked first, up to
/// the end-of-image marker. Four components are cyan, magenta, yellow and black, each stored as 255 minus ink, as Adobe began
/// it and Pillow reads it, whether Adobe's marker is there or not; red is then C·K/255, and so on.
/// </remarks>
internal static class JpegReader
{
    private const byte StartOfImage = 0xD8;

    // Length 14, name, version 100, two flags, and transform 0: the components are printing colours as they are.
    private static ReadOnlySpan<byte> AdobeMarker => [0xFF, 0xEE, 0, 14, (byte)'A', (byte)'d', (byte)'o', (byte)'b', (byte)'e', 0, 100, 0, 0, 0, 0, 0];

    /// <summary>Whether data start like a JPEG file.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> data) => data.Length >= 3 && data[0] == 0xFF && data[1] == StartOfImage && data[2] == 0xFF;

    /// <summary>Reads a JPEG file.</summary>
    /// <exception cref="SignalLoadException">The file is truncated or damaged, or the image is too large.</exception>
    public static PixelBuffer Read(ArraySegment<byte> file, string source, ImageLoadOptions options)
    {
        var header = JpegHeader.Parse(file, source, options.MaxPixels);
        int channels = header.Components == 1 ? 1 : 3;
        if (header is { Components: 4, HasAdobe: false })
            file = WithAdobe(file);
        var image = Decode(file, channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue, source);

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

    // The decoder takes four components for light and colour with one too many, unless the marker says printing colours.
    private static ArraySegment<byte> WithAdobe(ReadOnlySpan<byte> file) => (byte[])[.. file[..2], .. AdobeMarker, .. file[2..]];
}
