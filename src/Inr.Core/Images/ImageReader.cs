namespace Inr;

/// <summary>Tells PNG from JPEG by their first bytes and reads either.</summary>
internal static class ImageReader
{
    /// <summary>Reads an image from a stream.</summary>
    public static PixelBuffer Read(Stream stream, string source, ImageLoadOptions options) =>
        Read(SignalInput.ReadAll(stream, source), source, options);

    /// <summary>Reads an image from the bytes of its file.</summary>
    /// <exception cref="SignalLoadException">The data are no image that can be read.</exception>
    public static PixelBuffer Read(ArraySegment<byte> data, string source, ImageLoadOptions options)
    {
        // The first use of libtorch in many an app: what is missing is said here, not by a failed type initializer.
        TorchRuntime.EnsureLoaded();
        if (data.Count == 0)
            throw new SignalLoadException(source, "the file is empty.");

        PixelBuffer image;
        if (PngFormat.IsPng(data))
            image = PngReader.Read(data, source, options);
        else if (JpegReader.IsJpeg(data))
            image = JpegReader.Read(data, source, options);
        else
            throw new SignalLoadException(source, $"it is neither PNG nor JPEG{Name(data)}; convert it first.");
        return image.Apply(options);
    }

    // Kinds of picture that people try.
    private static string Name(ReadOnlySpan<byte> data)
    {
        string? name =
            data.StartsWith("GIF8"u8) ? "GIF"
            : data.StartsWith("BM"u8) ? "BMP"
            : data.StartsWith("II*\0"u8) || data.StartsWith("MM\0*"u8) ? "TIFF"
            : data.StartsWith("RIFF"u8) && data.Length >= 12 && data.Slice(8, 4).SequenceEqual("WEBP"u8) ? "WebP"
            : data.StartsWith("RIFF"u8) ? "a sound (WAV)"
            : data.Length >= 12 && data.Slice(4, 4).SequenceEqual("ftyp"u8) ? "HEIC, AVIF or a film"
            : data.StartsWith("\0\0\0\u000CjP  "u8) ? "JPEG 2000"
            : data.StartsWith("v/1\u0001"u8) ? "OpenEXR"
            : data.StartsWith("8BPS"u8) ? "PSD"
            : data.StartsWith("%PDF"u8) ? "PDF"
            : data.StartsWith("<svg"u8) || data.StartsWith("<?xml"u8) ? "SVG"
            : null;
        return name is null ? "" : $" but {name}";
    }

    /// <summary>Requires a size that is not absurd, before anything of that size is allocated.</summary>
    /// <exception cref="SignalLoadException">A side is zero, or the image has too many pixels.</exception>
    public static void RequireSize(long width, long height, string source, long maxPixels)
    {
        if (width < 1 || height < 1 || width > int.MaxValue || height > int.MaxValue)
            throw new SignalLoadException(source, $"its header says {width}×{height} pixels, which is no image.");
        if (width * height > maxPixels)
            throw new SignalLoadException(source, $"its header says {width}×{height} = {width * height} pixels; the limit is {maxPixels} ({nameof(ImageLoadOptions)}.{nameof(ImageLoadOptions.MaxPixels)}).");
    }
}
