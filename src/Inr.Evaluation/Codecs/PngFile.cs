using System.Diagnostics;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace Inr.Evaluation;

/// <summary>A picture as a PNG file, at the strongest compression: what it takes without any loss.</summary>
/// <remarks><see cref="ImageSignal.SavePng(Signal, string, int?)"/> is made to be quick, and would flatter what is held against it.</remarks>
internal static class PngFile
{
    private const int Eight = 255;
    private const int Sixteen = 65_535;

    /// <summary>Encodes a picture with the depth that holds it without loss.</summary>
    /// <returns>The file; null where neither 8 nor 16 bits do.</returns>
    public static EncodedFile? Encode(Signal signal)
    {
        ushort[] pixels = PixelData.Of(signal, Eight, out bool isExact);
        if (isExact)
            return Encode(signal, pixels, PngBitDepth.Bit8);
        pixels = PixelData.Of(signal, Sixteen, out isExact);
        return isExact ? Encode(signal, pixels, PngBitDepth.Bit16) : null;
    }

    private static EncodedFile Encode(Signal signal, ushort[] pixels, PngBitDepth depth) => (signal.Channels, depth) switch
    {
        (1, PngBitDepth.Bit8) => Encode(signal, depth, PngColorType.Grayscale, i => new L8((byte)pixels[i])),
        (2, PngBitDepth.Bit8) => Encode(signal, depth, PngColorType.GrayscaleWithAlpha, i => new La16((byte)pixels[2 * i], (byte)pixels[(2 * i) + 1])),
        (3, PngBitDepth.Bit8) => Encode(signal, depth, PngColorType.Rgb, i => new Rgb24((byte)pixels[3 * i], (byte)pixels[(3 * i) + 1], (byte)pixels[(3 * i) + 2])),
        (4, PngBitDepth.Bit8) => Encode(signal, depth, PngColorType.RgbWithAlpha, i => new Rgba32((byte)pixels[4 * i], (byte)pixels[(4 * i) + 1], (byte)pixels[(4 * i) + 2], (byte)pixels[(4 * i) + 3])),
        (1, _) => Encode(signal, depth, PngColorType.Grayscale, i => new L16(pixels[i])),
        (2, _) => Encode(signal, depth, PngColorType.GrayscaleWithAlpha, i => new La32(pixels[2 * i], pixels[(2 * i) + 1])),
        (3, _) => Encode(signal, depth, PngColorType.Rgb, i => new Rgb48(pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2])),
        _ => Encode(signal, depth, PngColorType.RgbWithAlpha, i => new Rgba64(pixels[4 * i], pixels[(4 * i) + 1], pixels[(4 * i) + 2], pixels[(4 * i) + 3])),
    };

    private static EncodedFile Encode<T>(Signal signal, PngBitDepth depth, PngColorType color, Func<int, T> pixel)
        where T : unmanaged, IPixel<T>
    {
        var encoder = new PngEncoder { BitDepth = depth, ColorType = color, CompressionLevel = PngCompressionLevel.BestCompression, FilterMethod = PngFilterMethod.Adaptive };
        var pixels = new T[signal.SampleCount];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = pixel(i);
        using var image = Image.LoadPixelData(pixels, signal.Width(), signal.Height());
        using var stream = new MemoryStream();
        var clock = Stopwatch.StartNew();
        image.Save(stream, encoder);
        double seconds = clock.Elapsed.TotalSeconds;
        byte[] file = stream.ToArray();
        clock.Restart();
        Image.Load<T>(file).Dispose();
        return new EncodedFile(file, seconds, clock.Elapsed.TotalSeconds);
    }
}
