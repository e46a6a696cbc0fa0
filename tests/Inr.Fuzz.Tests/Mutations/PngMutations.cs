using System.Buffers.Binary;
using System.IO.Compression;

namespace Inr.Fuzz.Tests.Mutations;

/// <summary>Mutations of the chunks of a PNG, with their checksums made right again.</summary>
internal static class PngMutations
{
    private const int Signature = 8;

    /// <summary>Changes, moves, repeats or removes a chunk; pixel data are unpacked, changed and packed again.</summary>
    public static byte[] Chunk(byte[] file, Random random)
    {
        var chunks = Read(file);
        if (chunks.Count == 0)
            return ByteMutations.Apply(file, random);
        int chosen = random.Next(chunks.Count);
        switch (random.Next(10))
        {
            case 0:
                chunks.RemoveAt(chosen);
                break;
            case 1:
                chunks.Insert(random.Next(chunks.Count), chunks[chosen]);
                break;
            case 2 or 3 or 4:
                chunks[0] = (chunks[0].Type, ByteMutations.Apply(chunks[0].Data, random));
                break;
            default:
                var (type, data) = chunks[chosen];
                chunks[chosen] = (type, type == "IDAT" && random.Next(4) > 0 ? Pack(ByteMutations.Apply(Unpack(data), random)) : data.Length == 0 ? data : ByteMutations.Apply(data, random));
                break;
        }

        using var result = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        result.Write(file.AsSpan(0, Signature));
        foreach (var (type, data) in chunks)
        {
            byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            result.Write(number);
            result.Write(body);
            BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(body));
            result.Write(number);
        }

        return result.ToArray();
    }

    private static List<(string Type, byte[] Data)> Read(byte[] file)
    {
        var chunks = new List<(string, byte[])>();
        for (int at = Signature; at + 12 <= file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            if (length < 0 || length > file.Length - at - 12)
                break;
            chunks.Add((System.Text.Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }

        return chunks;
    }

    private static byte[] Unpack(byte[] data)
    {
        using var unpacked = new MemoryStream();
        using var zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        zlib.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    private static byte[] Pack(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(data);
        return packed.ToArray();
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
        }

        return ~crc;
    }
}
