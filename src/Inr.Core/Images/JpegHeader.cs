using System.Buffers.Binary;

namespace Inr;

/// <summary>What the markers of a JPEG file say, walked from the start to the end of the image.</summary>
/// <param name="Components">Components of a pixel; 1 is grey, 3 colour, 4 printing colours.</param>
/// <param name="HasAdobe">Whether the file has Adobe's marker, which says how four components are meant.</param>
/// <param name="Orientation">Which way up the picture is to be shown, 1 to 8.</param>
internal readonly record struct JpegHeader(int Components, bool HasAdobe, int Orientation)
{
    // The description of a component.
    private const int ComponentBytes = 3;

    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte App1 = 0xE1;
    private const byte App14 = 0xEE;
    private const int MaxScans = 200;

    /// <summary>Reads the markers.</summary>
    /// <exception cref="SignalLoadException">The file is truncated or damaged, or the image is too large, for the file or at all.</exception>
    public static JpegHeader Parse(ReadOnlySpan<byte> file, string source, long maxPixels)
    {
        var header = new JpegHeader(0, false, ExifOrientation.Upright);
        bool hasExif = false;
        int scans = 0;
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
                return scans > 0 ? header : throw new SignalLoadException(source, "the JPEG file holds no image data; the file is damaged.");
            if (at + 2 > file.Length)
                throw Truncated(source);
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2)
                throw new SignalLoadException(source, $"the JPEG segment at byte {at} has the impossible length {length}; the file is damaged.");
            if (at + length > file.Length)
                throw Truncated(source);

            var segment = file.Slice(at + 2, length - 2);
            if (IsFrame(marker))
            {
                (int components, long fewestBits) = ParseFrame(segment, source, maxPixels);
                header = header with { Components = components };
                // One bit for each block of 64 samples at the very least: a tiny file that promises a huge image is refused before allocation.
                if (fewestBits / 8 > file.Length)
                    throw new SignalLoadException(source, $"{file.Length} bytes cannot hold the {BinaryPrimitives.ReadUInt16BigEndian(segment[3..])}×{BinaryPrimitives.ReadUInt16BigEndian(segment[1..])} pixels that its header says; the file is truncated or damaged.");
            }
            else if (marker == App14 && segment.StartsWith("Adobe"u8))
            {
                header = header with { HasAdobe = true };
            }
            else if (marker == App1 && !hasExif && segment.StartsWith("Exif\0"u8) && segment.Length > 6)
            {
                hasExif = true;
                header = header with { Orientation = ExifOrientation.Find(segment[6..]) };
            }

            at += length;
            if (marker != StartOfScan)
                continue;
            if (header.Components == 0)
                throw new SignalLoadException(source, "the JPEG image data come before the image header; the file is damaged.");
            // Every scan goes over the whole picture, and costs a file next to nothing.
            if (++scans > MaxScans)
                throw new SignalLoadException(source, $"it has more than {MaxScans} scans, which no program writes; the file is damaged.");
            at = SkipScan(file, at);
        }
    }

    private static (int Components, long FewestBits) ParseFrame(ReadOnlySpan<byte> segment, string source, long maxPixels)
    {
        if (segment.Length < 6)
            throw new SignalLoadException(source, "its JPEG header is too short; the file is damaged.");
        int height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        ImageReader.RequireSize(width, height, source, maxPixels);
        int components = segment[5];
        if (components is not (1 or 3 or 4))
            throw new SignalLoadException(source, $"its JPEG data have {components} components; pictures of 1, 3 and 4 are read.");
        if (segment.Length < 6 + ComponentBytes * components)
            throw new SignalLoadException(source, "its JPEG header is too short; the file is damaged.");

        int most = 1, mostDown = 1;
        for (int k = 0; k < components; k++)
        {
            byte sampling = segment[6 + ComponentBytes * k + 1];
            (most, mostDown) = (Math.Max(most, sampling >> 4), Math.Max(mostDown, sampling & 15));
        }

        long blocks = 0;
        for (int k = 0; k < components; k++)
        {
            byte sampling = segment[6 + ComponentBytes * k + 1];
            blocks += Blocks(width, sampling >> 4, most) * Blocks(height, sampling & 15, mostDown);
        }

        return (components, blocks);
    }

    private static long Blocks(int samples, int factor, int most) => ((long)samples * factor / most + 7) / 8;

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
