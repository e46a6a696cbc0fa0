using System.Buffers.Binary;

namespace Inr;

/// <summary>The chunks of a PNG file that pixels depend on, with every checksum verified.</summary>
/// <param name="Header">The checked header.</param>
/// <param name="Palette">Red, green, blue of each palette entry; empty without one.</param>
/// <param name="Transparency">The tRNS chunk; empty without one.</param>
/// <param name="Orientation">Which way up the picture is to be shown, 1 to 8, as EXIF numbers it.</param>
/// <param name="Compressed">The pieces of the file that hold the zlib stream of the pixels.</param>
internal sealed record PngChunks(PngHeader Header, byte[] Palette, byte[] Transparency, int Orientation, IReadOnlyList<ReadOnlyMemory<byte>> Compressed)
{
    /// <summary>Reads the chunks from the signature to IEND; what follows IEND is ignored.</summary>
    /// <exception cref="SignalLoadException">The file is truncated or damaged, or the image is too large.</exception>
    public static PngChunks Read(ReadOnlyMemory<byte> data, string source, long maxPixels)
    {
        var file = data.Span;
        PngHeader? header = null;
        byte[] palette = [];
        byte[] transparency = [];
        int orientation = ExifOrientation.Upright;
        var compressed = new List<ReadOnlyMemory<byte>>();
        var rest = file.Length < 8 ? [] : file[8..];
        while (true)
        {
            if (rest.Length < 12)
                throw Truncated(source);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12)
                throw Truncated(source);
            var name = rest.Slice(4, 4);
            int start = file.Length - rest.Length + 8;
            var chunk = rest.Slice(8, (int)length);
            if (BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + chunk.Length)..]) != PngFormat.Crc(rest.Slice(4, 4 + chunk.Length)))
                throw new SignalLoadException(source, $"the checksum of a chunk at byte {file.Length - rest.Length} is wrong; the file is damaged.");
            rest = rest[(12 + chunk.Length)..];

            bool isHeader = name.SequenceEqual("IHDR"u8);
            if (isHeader != header is null)
                throw new SignalLoadException(source, "its PNG header is missing or repeated; the file is damaged.");
            if (isHeader)
                header = PngHeader.Parse(chunk, source, maxPixels);
            else if (name.SequenceEqual("PLTE"u8))
                palette = chunk.ToArray();
            else if (name.SequenceEqual("tRNS"u8))
                transparency = chunk.ToArray();
            else if (name.SequenceEqual("IDAT"u8))
                compressed.Add(data.Slice(start, chunk.Length));
            else if (name.SequenceEqual("eXIf"u8))
                orientation = ExifOrientation.Find(chunk);
            else if (name.SequenceEqual("IEND"u8))
                return Checked(new PngChunks(header!.Value, palette, transparency, orientation, compressed), source);
            else if ((name[0] & 0x20) == 0)
                throw new SignalLoadException(source, "it holds a critical PNG chunk that is not known; the file is damaged or of a newer format.");
        }
    }

    /// <summary>The zlib stream of the pixels, read where it lies in the file.</summary>
    public Stream OpenCompressed() => new PieceStream(Compressed);

    /// <summary>The failure of a file that ends too early.</summary>
    public static SignalLoadException Truncated(string source, Exception? inner = null) =>
        new(source, "the PNG data end too early; the file is truncated. Copy or download it again.", inner);

    private static PngChunks Checked(PngChunks chunks, string source)
    {
        bool palette = chunks.Header.Color == PngFormat.ColorPalette;
        if (palette && (chunks.Palette.Length is 0 or > 768 || chunks.Palette.Length % 3 != 0))
            throw new SignalLoadException(source, $"its palette has {chunks.Palette.Length} bytes, which is no multiple of 3 from 3 to 768; the file is damaged.");

        int expected = chunks.Header.Color switch
        {
            PngFormat.ColorGrey => 2,
            PngFormat.ColorRgb => 6,
            _ => chunks.Transparency.Length,
        };
        if (chunks.Transparency.Length > 0 && chunks.Transparency.Length != expected)
            throw new SignalLoadException(source, $"its transparency chunk has {chunks.Transparency.Length} bytes instead of {expected}; the file is damaged.");

        // DEFLATE shrinks to no less than 1/1032: a tiny file that promises a huge image is refused before allocation.
        long bytes = chunks.Header.Passes.Sum(p => p.Height * (1 + chunks.Header.RowBytes(p.Width)));
        if (bytes / 1032 > chunks.Compressed.Sum(piece => (long)piece.Length))
            throw Truncated(source);
        return chunks;
    }
}
