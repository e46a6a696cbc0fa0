using System.Buffers.Binary;
using System.IO.Compression;

namespace Inr.Tests;

/// <summary>A slow, literal PNG encoder: any colour type, depth and interlacing, every row filter in turn, and damage on demand.</summary>
internal sealed class PngBuilder
{
    // The pass of each pixel of an 8×8 block, as the specification draws it.
    private static readonly string[] Adam7 =
        ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];

    public required int Width { get; init; }

    public required int Height { get; init; }

    public int BitDepth { get; init; } = 8;

    public int Color { get; init; }

    public bool Interlaced { get; init; }

    /// <summary>The sample of channel k at row y and column x.</summary>
    public required Func<int, int, int, int> Sample { get; init; }

    public byte[] Palette { get; init; } = [];

    public byte[] Transparency { get; init; } = [];

    /// <summary>Replaces the inflated bytes of all rows.</summary>
    public Func<byte[], byte[]> Rows { get; init; } = rows => rows;

    private int Channels => Color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public byte[] Build()
    {
        var rows = new List<byte>();
        var passes = Interlaced ? "1234567".ToCharArray() : ['0'];
        foreach (char pass in passes)
        {
            byte[] above = [];
            for (int y = 0; y < Height; y++)
            {
                var columns = Enumerable.Range(0, Width).Where(x => !Interlaced || Adam7[y % 8][x % 8] == pass).ToArray();
                if (columns.Length == 0)
                    continue;
                var row = Pack(columns.SelectMany(x => Enumerable.Range(0, Channels).Select(k => Sample(y, x, k))));
                rows.AddRange(Filter(row, above.Length == 0 ? new byte[row.Length] : above, y % 5));
                above = row;
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9], header[12]) = ((byte)BitDepth, (byte)Color, (byte)(Interlaced ? 1 : 0));
        List<byte> file = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR", header)];
        if (Palette.Length > 0)
            file.AddRange(Chunk("PLTE", Palette));
        if (Transparency.Length > 0)
            file.AddRange(Chunk("tRNS", Transparency));
        var compressed = Compress(Rows([.. rows]));
        // Two pieces, as the specification allows any number.
        file.AddRange(Chunk("IDAT", compressed[..(compressed.Length / 2)]));
        file.AddRange(Chunk("IDAT", compressed[(compressed.Length / 2)..]));
        file.AddRange(Chunk("IEND", []));
        return [.. file];
    }

    public static byte[] Chunk(string name, byte[] data)
    {
        byte[] body = [.. name.Select(c => (byte)c), .. data];
        var result = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(result, data.Length);
        body.CopyTo(result, 4);
        BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(4 + body.Length), Crc(body));
        return result;
    }

    // Division of polynomials over GF(2), bit by bit.
    private static uint Crc(byte[] data)
    {
        uint register = 0xFFFFFFFF;
        foreach (byte b in data)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                bool odd = ((register ^ (uint)(b >> bit)) & 1) == 1;
                register = odd ? (register >> 1) ^ 0xEDB88320 : register >> 1;
            }
        }

        return register ^ 0xFFFFFFFF;
    }

    private static byte[] Compress(byte[] data)
    {
        var result = new MemoryStream();
        using (var zlib = new ZLibStream(result, CompressionLevel.Optimal))
            zlib.Write(data);
        return result.ToArray();
    }

    private byte[] Pack(IEnumerable<int> samples)
    {
        string bits = string.Concat(samples.Select(s => Convert.ToString(s, 2).PadLeft(BitDepth, '0')));
        bits = bits.PadRight((bits.Length + 7) / 8 * 8, '0');
        return Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(8 * i, 8), 2)).ToArray();
    }

    private byte[] Filter(byte[] row, byte[] above, int filter)
    {
        int distance = Math.Max(1, Channels * BitDepth / 8);
        var result = new byte[1 + row.Length];
        result[0] = (byte)filter;
        for (int i = 0; i < row.Length; i++)
        {
            int a = i >= distance ? row[i - distance] : 0;
            int b = above[i];
            int c = i >= distance ? above[i - distance] : 0;
            int p = a + b - c;
            int paeth = new[] { a, b, c }.MinBy(n => Math.Abs(p - n));
            int prediction = filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => paeth };
            result[1 + i] = unchecked((byte)(row[i] - prediction));
        }

        return result;
    }
}
