using System.Buffers.Binary;

namespace Inr;

/// <summary>Turns rows of PNG samples into channel values in [0,1].</summary>
internal sealed class PngPixels
{
    private readonly PngHeader _header;
    private readonly PixelPlacement _placement;
    private readonly byte[] _palette;
    private readonly byte[] _transparency;
    private readonly string _source;

    public PngPixels(PngChunks chunks, PixelPlacement placement, string source)
    {
        _header = chunks.Header;
        _placement = placement;
        _palette = chunks.Palette;
        _transparency = chunks.Transparency;
        _source = source;
        Channels = _header.Color switch
        {
            PngFormat.ColorGreyAlpha or PngFormat.ColorRgba => 4,
            _ when _transparency.Length > 0 => 4,
            PngFormat.ColorGrey => 1,
            _ => 3,
        };
    }

    /// <summary>The channels of the image: 1, 3 or 4. Grey with alpha, or with a transparent shade, becomes RGBA.</summary>
    public int Channels { get; }

    /// <summary>Converts one unfiltered row of a pass.</summary>
    /// <param name="row">The bytes of the row.</param>
    /// <param name="pass">Which columns of the file they are.</param>
    /// <param name="y">Which row of the file they are.</param>
    /// <param name="values">The values of the image.</param>
    public void Convert(ReadOnlySpan<byte> row, PngPass pass, int y, Span<float> values)
    {
        int stored = _header.SamplesPerPixel;
        Span<int> samples = stackalloc int[4];
        for (int x = 0; x < pass.Width; x++)
        {
            for (int k = 0; k < stored; k++)
                samples[k] = Sample(row, x * stored + k);
            int at = _placement[y, pass.Left + x * pass.Right];
            ConvertPixel(samples[..stored], values.Slice(at * Channels, Channels));
        }
    }

    private int Sample(ReadOnlySpan<byte> row, int index)
    {
        switch (_header.BitDepth)
        {
            case 8:
                return row[index];
            case 16:
                return BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]);
            default:
                // The leftmost pixel lies in the highest bits.
                int bit = index * _header.BitDepth;
                return row[bit / 8] >> (8 - _header.BitDepth - bit % 8) & _header.MaxSample;
        }
    }

    private void ConvertPixel(ReadOnlySpan<int> samples, Span<float> to)
    {
        if (_header.Color == PngFormat.ColorPalette)
        {
            LookUp(samples[0], to);
            return;
        }

        float max = _header.MaxSample;
        bool hasAlpha = _header.Color is PngFormat.ColorGreyAlpha or PngFormat.ColorRgba;
        int colors = samples.Length - (hasAlpha ? 1 : 0);
        for (int k = 0; k < Math.Min(to.Length, 3); k++)
            to[k] = samples[colors == 1 ? 0 : k] / max;
        if (to.Length == 4)
            to[3] = hasAlpha ? samples[^1] / max : IsTransparent(samples) ? 0 : 1;
    }

    private void LookUp(int index, Span<float> to)
    {
        if (3 * index >= _palette.Length)
            throw new SignalLoadException(_source, $"a pixel names palette entry {index} of {_palette.Length / 3}; the file is damaged.");
        for (int k = 0; k < 3; k++)
            to[k] = _palette[3 * index + k] / 255f;
        if (to.Length == 4)
            to[3] = index < _transparency.Length ? _transparency[index] / 255f : 1;
    }

    // One exact colour, stored as 16-bit samples whatever the bit depth, stands for "transparent".
    private bool IsTransparent(ReadOnlySpan<int> samples)
    {
        for (int k = 0; k < samples.Length; k++)
        {
            if (samples[k] != BinaryPrimitives.ReadUInt16BigEndian(_transparency.AsSpan(2 * k)))
                return false;
        }

        return true;
    }
}
