using System.Buffers.Binary;
using System.IO.Compression;

namespace Inr;

/// <summary>Writes PNG files of 8 or 16 bits, 1 (grey), 2 (grey and alpha), 3 (RGB) or 4 (RGBA) channels.</summary>
internal static class PngWriter
{
    /// <summary>Writes a complete file.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="size">The size in pixels.</param>
    /// <param name="channels">1 to 4.</param>
    /// <param name="bitDepth">8 or 16.</param>
    /// <param name="values">Height·width·channels values, which are clamped to [0,1] and rounded row by row.</param>
    /// <returns>How many values lay outside by more than rounding.</returns>
    public static long Write(Stream stream, ImageSize size, int channels, int bitDepth, ReadOnlySpan<float> values)
    {
        stream.Write(PngFormat.Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, size.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], size.Height);
        header[8] = (byte)bitDepth;
        header[9] = (byte)(channels switch
        {
            1 => PngFormat.ColorGrey,
            2 => PngFormat.ColorGreyAlpha,
            3 => PngFormat.ColorRgb,
            _ => PngFormat.ColorRgba,
        });
        header[10..].Clear();
        PngFormat.WriteChunk(stream, "IHDR"u8, header);

        long clipped;
        using (var data = new PngDataStream(stream))
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal))
            clipped = WriteRows(zlib, size.Width * channels, bitDepth, channels * bitDepth / 8, values);
        PngFormat.WriteChunk(stream, "IEND"u8, []);
        return clipped;
    }

    private static long WriteRows(Stream stream, int rowSamples, int bitDepth, int distance, ReadOnlySpan<float> values)
    {
        int rowBytes = rowSamples * bitDepth / 8;
        var samples = new ushort[bitDepth == 16 ? rowSamples : 0];
        var row = new byte[rowBytes];
        var above = new byte[rowBytes];
        var candidate = new byte[1 + rowBytes];
        var best = new byte[1 + rowBytes];
        long clipped = 0;
        for (; !values.IsEmpty; values = values[rowSamples..])
        {
            if (bitDepth == 8)
            {
                clipped += PixelSamples.Write(values[..rowSamples], row);
            }
            else
            {
                clipped += PixelSamples.Write(values[..rowSamples], samples);
                for (int i = 0; i < rowSamples; i++)
                    BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(2 * i), samples[i]);
            }

            // The usual heuristic: the filter whose bytes, read as signed, are smallest in sum compresses best.
            long smallest = long.MaxValue;
            for (int filter = PngFormat.FilterNone; filter <= PngFormat.FilterPaeth; filter++)
            {
                long sum = Filter(row, above, candidate, filter, distance);
                if (sum < smallest)
                {
                    smallest = sum;
                    (best, candidate) = (candidate, best);
                }
            }

            stream.Write(best);
            (row, above) = (above, row);
        }

        return clipped;
    }

    private static long Filter(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> result, int filter, int distance)
    {
        result[0] = (byte)filter;
        long sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < distance ? 0 : row[i - distance];
            int prediction = filter switch
            {
                PngFormat.FilterSub => left,
                PngFormat.FilterUp => above[i],
                PngFormat.FilterAverage => (left + above[i]) / 2,
                PngFormat.FilterPaeth => PngFormat.Paeth(left, above[i], i < distance ? 0 : above[i - distance]),
                _ => 0,
            };
            byte residual = (byte)(row[i] - prediction);
            result[1 + i] = residual;
            sum += Math.Abs((int)(sbyte)residual);
        }

        return sum;
    }
}
