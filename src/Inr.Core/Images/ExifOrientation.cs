using System.Buffers.Binary;

namespace Inr;

/// <summary>Finds in the EXIF data of a picture which way up it is to be shown.</summary>
/// <remarks>
/// EXIF data are a TIFF file of their own: byte order, the place of a directory, and entries of 12 bytes. Orientation is the
/// entry 0x0112. A picture whose EXIF data are damaged is still a picture, so that what cannot be read counts as upright.
/// </remarks>
internal static class ExifOrientation
{
    /// <summary>A picture that is stored as it is to be shown.</summary>
    public const int Upright = 1;

    private const int Tag = 0x0112;
    private const int TypeShort = 3;
    private const int EntryBytes = 12;

    /// <summary>The orientation, 1 to 8; <see cref="Upright"/> where the data say none.</summary>
    /// <param name="tiff">EXIF data from their byte order on.</param>
    public static int Find(ReadOnlySpan<byte> tiff)
    {
        bool isLittle = tiff.StartsWith("II"u8);
        if (tiff.Length < 8 || !(isLittle || tiff.StartsWith("MM"u8)) || Short(tiff, 2, isLittle) != 42)
            return Upright;
        uint directory = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return Upright;
        int at = (int)directory;
        int count = Short(tiff, at, isLittle);
        at += 2;
        for (int i = 0; i < count && at <= tiff.Length - EntryBytes; i++, at += EntryBytes)
        {
            if (Short(tiff, at, isLittle) == Tag && Short(tiff, at + 2, isLittle) == TypeShort)
                return Short(tiff, at + 8, isLittle) is var value and >= 1 and <= 8 ? value : Upright;
        }

        return Upright;
    }

    private static int Short(ReadOnlySpan<byte> tiff, int at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(tiff[at..]) : BinaryPrimitives.ReadUInt16BigEndian(tiff[at..]);
}
