using System.Buffers.Binary;

namespace Inr.Benchmarks.Memory;

/// <summary>Pictures of any size as files, written without holding them.</summary>
internal static class LargePicture
{
    /// <summary>An RGB picture of 8 bits: soft shades with grain, so that it compresses as little as a photo does.</summary>
    public static void WritePng(string path, int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(1).NextBytes(pixels);
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((pixels[i] & 15) + (i / 3 % width * 120 / width) + (i / 3 / width * 120 / height));
        using var picture = ImageSignal.FromPixels(pixels, width, height, 3);
        picture.SavePng(path);
    }

    /// <summary>A grey RGB picture as JPEG of 4:4:4: the decoder's memory depends on the size and on whether it is progressive alone.</summary>
    /// <remarks>
    /// Every table has one code of one bit: difference 0 for DC, end of block for AC, so that a block is two zero bits; one
    /// bit where the only scan is that of DC, as a progressive file may have it.
    /// </remarks>
    public static void WriteJpeg(string path, int width, int height, bool progressive = false)
    {
        using var file = File.Create(path);
        file.Write([0xFF, 0xD8]);
        byte[] quantizers = [0, .. Enumerable.Repeat((byte)16, 64)];
        Segment(file, 0xDB, quantizers);
        byte[] frame = [8, 0, 0, 0, 0, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(3), (ushort)width);
        Segment(file, (byte)(progressive ? 0xC2 : 0xC0), frame);
        foreach (byte table in (byte[])[0x00, 0x10])
            Segment(file, 0xC4, [table, 1, .. new byte[15], 0]);
        Segment(file, 0xDA, [3, 1, 0, 2, 0, 3, 0, 0, (byte)(progressive ? 0 : 63), 0]);
        long blocks = 3L * ((width + 7) / 8) * ((height + 7) / 8);
        file.Write(new byte[((progressive ? 1 : 2) * blocks + 7) / 8]);
        file.Write([0xFF, 0xD9]);
    }

    private static void Segment(Stream file, byte marker, byte[] data)
    {
        Span<byte> head = [0xFF, marker, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)(data.Length + 2));
        file.Write(head);
        file.Write(data);
    }
}
