using Inr.Files;

namespace Inr;

/// <summary>Images as signals: PNG and JPEG in, PNG out.</summary>
/// <remarks>
/// The signal of an image has the domain grid(height, width), float32 values in [0,1] and 1 (grey), 3 (RGB) or 4 (RGBA,
/// not premultiplied) channels. PNG of every bit depth up to 16 keeps its precision; JPEG has 8 bits. Values are those
/// of the file: colour profiles and gamma tags are not applied, and an EXIF orientation is ignored, so a phone's
/// portrait photo may appear on its side.
/// </remarks>
public static class ImageSignal
{
    /// <summary>Reads a PNG or JPEG file.</summary>
    /// <param name="path">The file; its name becomes the name of the signal.</param>
    /// <param name="options">Channels, size and crop; those of the file by default.</param>
    /// <exception cref="SignalLoadException">The file is missing, empty, truncated, damaged, too large, or no PNG or JPEG.</exception>
    /// <exception cref="ArgumentException">The path is empty, or an option is out of range.</exception>
    public static Signal Load(string path, ImageLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options = Checked(options);
        using var stream = SignalInput.Open(path);
        return ImageReader.Read(stream, path, options).ToSignal(Path.GetFileName(path));
    }

    /// <summary>Reads a PNG or JPEG image from a stream, from its current position to its end.</summary>
    /// <param name="stream">The stream; the caller keeps it.</param>
    /// <param name="name">The name of the signal.</param>
    /// <param name="options">Channels, size and crop; those of the image by default.</param>
    /// <exception cref="SignalLoadException">The data are empty, truncated, damaged, too large, or no PNG or JPEG.</exception>
    public static Signal Decode(Stream stream, string name = "image", ImageLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ImageReader.Read(stream, name, Checked(options)).ToSignal(name);
    }

    /// <summary>Reads a PNG or JPEG image from memory.</summary>
    /// <param name="data">The bytes of the file.</param>
    /// <param name="name">The name of the signal.</param>
    /// <param name="options">Channels, size and crop; those of the image by default.</param>
    /// <exception cref="SignalLoadException">The data are empty, truncated, damaged, too large, or no PNG or JPEG.</exception>
    public static Signal Decode(ReadOnlySpan<byte> data, string name = "image", ImageLoadOptions? options = null) =>
        ImageReader.Read(data.ToArray(), name, Checked(options)).ToSignal(name);

    /// <summary>Makes a signal of 8-bit pixels.</summary>
    /// <param name="pixels">Height·width·channels bytes, row by row, the channels of a pixel beside one another.</param>
    /// <param name="width">The number of columns.</param>
    /// <param name="height">The number of rows.</param>
    /// <param name="channels">1, 3 or 4.</param>
    /// <param name="name">The name of the signal.</param>
    /// <exception cref="ArgumentException">A size is below 1, the channels are others, or the number of bytes differs.</exception>
    public static Signal FromPixels(ReadOnlySpan<byte> pixels, int width, int height, int channels, string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3 or 4))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "An image has 1 (grey), 3 (RGB) or 4 (RGBA) channels.");
        if (pixels.Length != (long)width * height * channels)
            throw new ArgumentException($"An image of {width}×{height} pixels of {channels} channels has {(long)width * height * channels} bytes, not {pixels.Length}.", nameof(pixels));

        var values = new float[pixels.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = pixels[i] / 255f;
        return new PixelBuffer(new ImageSize(height, width), channels, values).ToSignal(name);
    }

    /// <summary>The number of columns of an image.</summary>
    /// <exception cref="ArgumentException">The signal is no image: its domain is not a grid of two axes.</exception>
    public static int Width(this Signal image) => SizeOf(image).Width;

    /// <summary>The number of rows of an image.</summary>
    /// <exception cref="ArgumentException">The signal is no image: its domain is not a grid of two axes.</exception>
    public static int Height(this Signal image) => SizeOf(image).Height;

    /// <summary>Resizes an image, with antialiasing where it becomes smaller.</summary>
    /// <param name="image">An image; the caller keeps it.</param>
    /// <param name="size">The size of the result.</param>
    /// <param name="filter">The interpolation.</param>
    /// <returns>An image on the CPU, which the caller owns; bicubic interpolation may overshoot the range of the values.</returns>
    /// <exception cref="ArgumentException">The signal is no image.</exception>
    public static Signal Resize(this Signal image, ImageSize size, ResizeFilter filter = ResizeFilter.Bicubic)
    {
        using var scope = NewDisposeScope();
        var pixels = new PixelBuffer(SizeOf(image), image.Channels, image.Values.to(float32).cpu().contiguous().data<float>().ToArray());
        return ImageResize.Resize(pixels, size, filter).ToSignal(image.Name);
    }

    /// <summary>The pixels of an image, clamped to [0,1] and rounded to 8 bits.</summary>
    /// <returns>Height·width·channels bytes, row by row.</returns>
    /// <exception cref="ArgumentException">The signal is no image.</exception>
    public static byte[] ToPixels8(this Signal image)
    {
        _ = SizeOf(image);
        return Array.ConvertAll(Values(image), v => (byte)Quantize(v, byte.MaxValue));
    }

    /// <summary>Writes an image as a PNG file; a file of that name is replaced only when the new one is complete.</summary>
    /// <param name="image">A signal on a grid of two axes, of 1 (grey), 2 (grey and alpha), 3 (RGB) or 4 (RGBA) channels.</param>
    /// <param name="path">The file to write; its folder must exist.</param>
    /// <param name="bitDepth">8 or 16 bits per channel; values are clamped to [0,1] and rounded.</param>
    /// <exception cref="ArgumentException">The signal is no such image, or the bit depth is another.</exception>
    /// <exception cref="InrFileException">The file cannot be written; nothing was replaced.</exception>
    public static void SavePng(this Signal image, string path, int bitDepth = 8)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var size = SizeOf(image);
        if (image.Channels > 4)
            throw new ArgumentException($"A PNG file has 1 to 4 channels; the signal is {image}.", nameof(image));
        if (bitDepth is not (8 or 16))
            throw new ArgumentOutOfRangeException(nameof(bitDepth), bitDepth, "The bit depth is 8 or 16.");

        int max = (1 << bitDepth) - 1;
        var samples = Array.ConvertAll(Values(image), v => Quantize(v, max));
        AtomicFile.Write(path, stream => PngWriter.Write(stream, size, image.Channels, bitDepth, samples));
    }

    private static ImageSize SizeOf(Signal image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Domain.GridShape is not [int height, int width])
            throw new ArgumentException($"An image is a signal on a grid of two axes; this one is {image}.", nameof(image));
        return new ImageSize(height, width);
    }

    private static float[] Values(Signal image)
    {
        using var scope = NewDisposeScope();
        return image.Values.detach().to(CPU).to(float32).contiguous().data<float>().ToArray();
    }

    private static ushort Quantize(float value, int max) =>
        // NaN fails the first comparison and becomes 0.
        value > 0 ? (ushort)MathF.Round(Math.Min(value, 1) * max) : (ushort)0;

    private static ImageLoadOptions Checked(ImageLoadOptions? options)
    {
        options ??= new ImageLoadOptions();
        options.Validate();
        return options;
    }
}
