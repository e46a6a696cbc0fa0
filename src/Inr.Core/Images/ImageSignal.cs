using Inr.Files;

namespace Inr;

/// <summary>Images as signals: PNG and JPEG in, PNG out.</summary>
/// <remarks>
/// The signal of an image has the domain grid(height, width), float32 values in [0,1] and 1 (grey), 3 (RGB) or 4 (RGBA,
/// not premultiplied) channels. PNG of every bit depth up to 16 keeps its precision; JPEG has 8 bits. <see cref="Signal.Format"/>
/// says which, and an image is written that way unless something else is said. A picture is read the way up that its EXIF
/// data say (<see cref="ImageLoadOptions.KeepStoredOrientation"/>); colour profiles and gamma tags are not applied.
/// </remarks>
public static class ImageSignal
{
    // Four channels of the largest image still fit one span.
    private const long LargestResize = 1L << 28;

    /// <summary>Reads a PNG or JPEG file.</summary>
    /// <param name="path">The file; its name becomes the name of the signal.</param>
    /// <param name="options">Channels, size and crop; those of the file by default.</param>
    /// <exception cref="SignalLoadException">The file is missing, empty, truncated, damaged, too large, or no PNG or JPEG.</exception>
    /// <exception cref="ArgumentException">The path is empty, or an option is out of range.</exception>
    public static Signal Load(string path, ImageLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Load(path, Path.GetFileName(path), Checked(options));
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
        var image = CreateBuffer(pixels.Length, width, height, channels, 8, nameof(pixels));
        PixelSamples.Read(pixels, image.Values);
        return image.ToSignal(name);
    }

    /// <summary>Makes a signal of 16-bit pixels.</summary>
    /// <param name="pixels">Height·width·channels samples, row by row, the channels of a pixel beside one another.</param>
    /// <param name="width">The number of columns.</param>
    /// <param name="height">The number of rows.</param>
    /// <param name="channels">1, 3 or 4.</param>
    /// <param name="name">The name of the signal.</param>
    /// <exception cref="ArgumentException">A size is below 1, the channels are others, or the number of samples differs.</exception>
    public static Signal FromPixels(ReadOnlySpan<ushort> pixels, int width, int height, int channels, string name = "")
    {
        var image = CreateBuffer(pixels.Length, width, height, channels, 16, nameof(pixels));
        PixelSamples.Read(pixels, image.Values);
        return image.ToSignal(name);
    }

    /// <summary>Reads an image as a signal of another name.</summary>
    internal static Signal Load(string path, string name, ImageLoadOptions options)
    {
        using var stream = SignalInput.Open(path);
        return ImageReader.Read(stream, path, options).ToSignal(name);
    }

    /// <summary>The number of columns of an image.</summary>
    /// <exception cref="ArgumentException">The signal is no image: its domain is not a grid of two axes.</exception>
    public static int Width(this Signal image) => SizeOf(image).Width;

    /// <summary>The number of rows of an image.</summary>
    /// <exception cref="ArgumentException">The signal is no image: its domain is not a grid of two axes.</exception>
    public static int Height(this Signal image) => SizeOf(image).Height;

    /// <summary>An image of another size, resampled with antialiasing.</summary>
    /// <param name="image">A signal on a grid of two axes, of any number of channels.</param>
    /// <param name="size">The size; another aspect ratio stretches the image.</param>
    /// <param name="filter">How pixels are weighed, those of four channels by their opacity as well; bicubic may overshoot the range of its input, which is not clamped.</param>
    /// <returns>A float32 signal on the CPU; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The signal is no image, a side is below 1, or the filter is none.</exception>
    public static Signal Resize(this Signal image, ImageSize size, ResizeFilter filter = ResizeFilter.Bicubic)
    {
        var own = SizeOf(image);
        new ImageLoadOptions { Size = size, Filter = filter, MaxPixels = LargestResize }.Validate();
        using var scope = NewDisposeScope();
        using var source = new PixelBuffer(own, image.Channels, Values(image)) { Format = image.Format };
        var resized = ImageResize.Resize(source, size, filter);
        return ReferenceEquals(resized, source) ? image.To(CPU, float32) : resized.ToSignal(image.Name);
    }

    /// <summary>An image with other channels, such as a grey or a transparent one for a model of three.</summary>
    /// <param name="image">A signal on a grid of two axes, of 1 (grey), 2 (grey and alpha), 3 (RGB) or 4 (RGBA) channels.</param>
    /// <param name="channels">1, 3 or 4; converted as <see cref="ImageLoadOptions.Channels"/> says: grey is repeated, alpha is composited over white or added as 1, colour is weighed to grey.</param>
    /// <returns>A float32 signal on the CPU; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The signal is no image, or the channels are others.</exception>
    public static Signal WithChannels(this Signal image, int channels)
    {
        var own = SizeOf(image);
        new ImageLoadOptions { Channels = channels }.Validate();
        if (image.Channels > 4)
            throw new ArgumentException($"An image has 1 to 4 channels; the signal is {image}.", nameof(image));
        if (image.Channels == channels)
            return image.To(CPU, float32);
        using var scope = NewDisposeScope();
        using var source = new PixelBuffer(own, image.Channels, Values(image)) { Format = image.Format };
        return source.WithChannels(channels).ToSignal(image.Name);
    }

    /// <summary>The pixels of an image, clamped to [0,1] and rounded to 8 bits.</summary>
    /// <returns>Height·width·channels bytes, row by row.</returns>
    /// <exception cref="ArgumentException">The signal is no image.</exception>
    public static byte[] ToPixels8(this Signal image)
    {
        _ = SizeOf(image);
        var pixels = new byte[image.Values.numel()];
        image.ToPixels8(pixels);
        return pixels;
    }

    /// <summary>Writes the pixels of an image, clamped to [0,1] and rounded to 8 bits, to memory of the caller.</summary>
    /// <param name="image">A signal on a grid of two axes.</param>
    /// <param name="pixels">Room for exactly height·width·channels bytes, row by row.</param>
    /// <exception cref="ArgumentException">The signal is no image, or the room is another.</exception>
    public static void ToPixels8(this Signal image, Span<byte> pixels)
    {
        RequireRoom(image, pixels.Length, nameof(pixels));
        using var scope = NewDisposeScope();
        PixelSamples.Write(Values(image), pixels);
    }

    /// <summary>Writes the pixels of an image, clamped to [0,1] and rounded to 16 bits, to memory of the caller.</summary>
    /// <param name="image">A signal on a grid of two axes.</param>
    /// <param name="pixels">Room for exactly height·width·channels samples, row by row.</param>
    /// <exception cref="ArgumentException">The signal is no image, or the room is another.</exception>
    public static void ToPixels16(this Signal image, Span<ushort> pixels)
    {
        RequireRoom(image, pixels.Length, nameof(pixels));
        using var scope = NewDisposeScope();
        PixelSamples.Write(Values(image), pixels);
    }

    /// <summary>Writes an image as a PNG file; a file of that name is replaced only when the new one is complete.</summary>
    /// <param name="image">A signal on a grid of two axes, of 1 (grey), 2 (grey and alpha), 3 (RGB) or 4 (RGBA) channels.</param>
    /// <param name="path">The file to write, which ends in .png; its folder must exist.</param>
    /// <param name="bitDepth">8 or 16 bits per channel; as <see cref="Signal.Format"/> says by default, 8 where it says nothing.</param>
    /// <returns>What the values lost: they are rounded, and clipped to [0,1].</returns>
    /// <exception cref="ArgumentException">The signal is no such image, the bit depth is another, or the path ends otherwise.</exception>
    /// <exception cref="InrFileException">The file cannot be written; nothing was replaced.</exception>
    public static SampleLoss SavePng(this Signal image, string path, int? bitDepth = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        int bits = RequirePng(image, bitDepth);
        MediaPath.RequireExtension(path, "PNG", ".png");
        SampleLoss? loss = null;
        AtomicFile.Write(path, stream => loss = WritePng(image, stream, bits));
        return loss!;
    }

    /// <summary>Writes an image as PNG to a stream.</summary>
    /// <param name="image">A signal on a grid of two axes, of 1 (grey), 2 (grey and alpha), 3 (RGB) or 4 (RGBA) channels.</param>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="bitDepth">8 or 16 bits per channel; as <see cref="Signal.Format"/> says by default, 8 where it says nothing.</param>
    /// <returns>What the values lost: they are rounded, and clipped to [0,1].</returns>
    /// <exception cref="ArgumentException">The signal is no such image, or the bit depth is another.</exception>
    public static SampleLoss SavePng(this Signal image, Stream stream, int? bitDepth = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return WritePng(image, stream, RequirePng(image, bitDepth));
    }

    private static PixelBuffer CreateBuffer(int samples, int width, int height, int channels, int bits, string name)
    {
        TorchRuntime.EnsureLoaded();
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3 or 4))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "An image has 1 (grey), 3 (RGB) or 4 (RGBA) channels.");
        if (samples != (long)width * height * channels)
            throw new ArgumentException($"An image of {width}×{height} pixels of {channels} channels has {(long)width * height * channels} samples, not {samples}.", name);
        return new PixelBuffer(new ImageSize(height, width), channels) { Format = new SampleFormat(bits) };
    }

    private static void RequireRoom(Signal image, int samples, string name)
    {
        _ = SizeOf(image);
        if (samples != image.Values.numel())
            throw new ArgumentException($"The image ({image}) has {image.Values.numel()} samples, but there is room for {samples}.", name);
    }

    private static int RequirePng(Signal image, int? bitDepth)
    {
        _ = SizeOf(image);
        if (image.Channels > 4)
            throw new ArgumentException($"A PNG file has 1 to 4 channels; the signal is {image}.", nameof(image));
        int bits = bitDepth ?? (image.Format is { Bits: > 8 } ? 16 : 8);
        if (bits is not (8 or 16))
            throw new ArgumentOutOfRangeException(nameof(bitDepth), bitDepth, "The bit depth is 8 or 16.");
        return bits;
    }

    private static SampleLoss WritePng(Signal image, Stream stream, int bitDepth)
    {
        using var scope = NewDisposeScope();
        long clipped = PngWriter.Write(stream, SizeOf(image), image.Channels, bitDepth, Values(image));
        return new SampleLoss(image.Values.numel(), clipped, new SampleFormat(bitDepth), image.Format);
    }

    private static ImageSize SizeOf(Signal image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Domain.GridShape is not [int height, int width])
            throw new ArgumentException($"An image is a signal on a grid of two axes; this one is {image}.", nameof(image));
        return new ImageSize(height, width);
    }

    // The values where they lie, or a copy that the surrounding dispose scope holds.
    private static ReadOnlySpan<float> Values(Signal image) => TensorSpan.Of<float>(image.Values.detach().to(CPU).to(float32).contiguous());

    private static ImageLoadOptions Checked(ImageLoadOptions? options)
    {
        options ??= new ImageLoadOptions();
        options.Validate();
        return options;
    }
}
