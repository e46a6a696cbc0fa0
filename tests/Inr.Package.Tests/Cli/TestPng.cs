using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Inr.Package.Tests.Cli;

/// <summary>Writes small RGB pictures without any code of the library, and reads their size.</summary>
internal static class TestPng
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The bytes of a smooth picture.</summary>
    public static byte[] Create(int width, int height)
    {
        var rows = new byte[height * (1 + 3 * width)];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = y * (1 + 3 * width) + 1 + 3 * x;
                (rows[at], rows[at + 1], rows[at + 2]) = ((byte)(40 + 160 * x / width), (byte)(200 - 120 * y / height), (byte)(90 + 60 * (x + y) / (width + height)));
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(rows);
        return [.. Signature, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>The bits of a sample that the header of a file says.</summary>
    public static int DepthOf(string path) => File.ReadAllBytes(path)[24];

    /// <summary>The width and height that the header of a file says.</summary>
    public static (int Width, int Height) SizeOf(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        file.AsSpan(0, 8).SequenceEqual(Signature).Should().BeTrue("the file is a PNG file");
        return (BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(20)));
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. data];
        var chunk = new byte[4 + body.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + body.Length), Checksum(body));
        return chunk;
    }

    // CRC-32 of ISO 3309, bit by bit.
    private static uint Checksum(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
