using System.Buffers.Binary;
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
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;

    /// <summary>Whether data start like a JPEG file.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> data) => data.Length >= 3 && data[0] == 0xFF && data[1] == StartOfImage && data[2] == 0xFF;

    /// <summary>Reads a JPEG file.</summary>
    /// <exception cref="SignalLoadException">The file is truncated or damaged, or the image is too large.</exception>
    public static PixelBuffer Read(ArraySegment<byte> file, string source, long maxPixels)
    {
        int channels = FindFrame(file, source, maxPixels) == 1 ? 1 : 3;
        ImageResult image;
        try
        {
            using var stream = new MemoryStream(file.Array!, file.Offset, file.Count, writable: false);
            image = ImageResult.FromStream(stream, channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The decoder meets damage with whatever its arithmetic runs into, index errors included.
            throw new SignalLoadException(source, $"its JPEG data cannot be decoded ({e.Message}).", e);
        }

        var buffer = new PixelBuffer(new ImageSize(image.Height, image.Width), channels);
        PixelSamples.Read(image.Data, buffer.Values);
        return buffer;
    }

    /// <summary>Walks the markers from the start to the end of the image and returns the number of components.</summary>
    private static int FindFrame(ReadOnlySpan<byte> file, string source, long maxPixels)
    {
        int components = 0;
        bool scanned = false;
        int at = 2;
        while (true)
        {
            if (at + 1 >= file.Length)
                throw Truncated(source);
            if (file[at] != 0xFF)
                throw new SignalLoadException(source, $"there is no JPEG marker at byte {at}; the file is damaged.");
            byte marker = file[at + 1];
            if (marker == 0xFF)
            {
                // Fill bytes may precede a marker.
                at++;
                continue;
            }

            at += 2;
            if (marker == EndOfImage)
                return scanned ? components : throw new SignalLoadException(source, "the JPEG file holds no image data; the file is damaged.");
            if (at + 2 > file.Length)
                throw Truncated(source);
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2)
                throw new SignalLoadException(source, $"the JPEG segment at byte {at} has the impossible length {length}; the file is damaged.");
            if (at + length > file.Length)
                throw Truncated(source);

            var segment = file.Slice(at + 2, length - 2);
            at += length;
            if (IsFrame(marker))
                components = ReadFrame(segment, source, maxPixels);
            if (marker != StartOfScan)
                continue;
            if (components == 0)
                throw new SignalLoadException(source, "the JPEG image data come before the image header; the file is damaged.");
            scanned = true;
            at = SkipScan(file, at);
        }
    }

    private static int ReadFrame(ReadOnlySpan<byte> segment, string source, long maxPixels)
    {
        if (segment.Length < 6)
            throw new SignalLoadException(source, "its JPEG header is too short; the file is damaged.");
        int height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        ImageReader.RequireSize(width, height, source, maxPixels);
        return Math.Max((int)segment[5], 1);
    }

    // SOF0 to SOF15, without the tables and the extension that share the range.
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    // In entropy-coded data FF 00 is a stuffed FF and FF D0 to FF D7 are restarts; any other marker ends the scan.
    private static int SkipScan(ReadOnlySpan<byte> file, int at)
    {
        while (at + 1 < file.Length && !(file[at] == 0xFF && file[at + 1] is not (0x00 or (>= 0xD0 and <= 0xD7))))
            at++;
        return at;
    }

    private static SignalLoadException Truncated(string source) =>
        new(source, "the JPEG data end before the end-of-image marker; the file is truncated. Copy or download it again.");
}
