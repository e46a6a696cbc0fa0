using System.Buffers.Binary;

namespace Inr;

/// <summary>What reading and writing PNG share: signature, chunk names, checksums, the Paeth predictor.</summary>
/// <remarks>The format is that of the W3C recommendation "Portable Network Graphics (PNG) Specification (Second Edition)".</remarks>
internal static class PngFormat
{
    public const int ColorGrey = 0;
    public const int ColorRgb = 2;
    public const int ColorPalette = 3;
    public const int ColorGreyAlpha = 4;
    public const int ColorRgba = 6;

    public const int FilterNone = 0;
    public const int FilterSub = 1;
    public const int FilterUp = 2;
    public const int FilterAverage = 3;
    public const int FilterPaeth = 4;

    private static readonly uint[] CrcTable = CreateCrcTable();

    /// <summary>The eight bytes that every PNG file starts with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether data start with the signature, or are cut off within it.</summary>
    public static bool IsPng(ReadOnlySpan<byte> data) => data.Length >= 4 && Signature.StartsWith(data[..Math.Min(data.Length, 8)]);

    /// <summary>Channels per pixel of a colour type; the index of a palette is one.</summary>
    public static int SamplesPerPixel(int color) => color switch
    {
        ColorRgb => 3,
        ColorGreyAlpha => 2,
        ColorRgba => 4,
        _ => 1,
    };

    /// <summary>The CRC-32 of a chunk, over its name and its data.</summary>
    public static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
            crc = CrcTable[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    /// <summary>The neighbour (left, above, above left) that is nearest to left + above − above left.</summary>
    public static int Paeth(int left, int above, int aboveLeft)
    {
        int toLeft = Math.Abs(above - aboveLeft);
        int toAbove = Math.Abs(left - aboveLeft);
        int toAboveLeft = Math.Abs(left + above - 2 * aboveLeft);
        if (toLeft <= toAbove && toLeft <= toAboveLeft)
            return left;
        return toAbove <= toAboveLeft ? above : aboveLeft;
    }

    /// <summary>Writes one chunk: length, name, data, checksum.</summary>
    public static void WriteChunk(Stream stream, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        name.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, 4 + data.Length)));
        stream.Write(chunk);
    }

    private static uint[] CreateCrcTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            table[i] = crc;
        }

        return table;
    }
}
