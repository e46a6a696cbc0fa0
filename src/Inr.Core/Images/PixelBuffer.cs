namespace Inr;

/// <summary>An image on its way to a signal: rows of pixels, the channels of a pixel beside one another, in the memory that the signal will have.</summary>
internal sealed class PixelBuffer : IDisposable
{
    private readonly Tensor _values;

    /// <summary>Creates an image whose numbers are still to be written.</summary>
    /// <param name="size">The size in pixels.</param>
    /// <param name="channels">Values per pixel.</param>
    public PixelBuffer(ImageSize size, int channels)
    {
        Size = size;
        Channels = channels;
        _values = empty([size.PixelCount, channels], float32).DetachFromDisposeScope();
    }

    /// <summary>Creates an image of given numbers, copied.</summary>
    /// <param name="size">The size in pixels.</param>
    /// <param name="channels">Values per pixel.</param>
    /// <param name="values">Height·width·channels numbers.</param>
    public PixelBuffer(ImageSize size, int channels, ReadOnlySpan<float> values)
        : this(size, channels)
    {
        values.CopyTo(Values);
    }

    /// <summary>The size in pixels.</summary>
    public ImageSize Size { get; }

    /// <summary>Values per pixel.</summary>
    public int Channels { get; }

    /// <summary>How the file of the image stores its samples; null where nothing is known.</summary>
    public SampleFormat? Format { get; init; }

    /// <summary>Height·width·channels numbers, in [0,1] unless a resize overshot.</summary>
    public Span<float> Values => TensorSpan.Of<float>(_values);

    /// <summary>Applies the options in their order: channels, resize, crop, clamp. The result takes the place of this image.</summary>
    public PixelBuffer Apply(ImageLoadOptions options)
    {
        var image = options.Channels is { } channels ? Then(WithChannels(channels)) : this;
        if (options.Size is null && options.CenterCrop)
            return image.Then(image.CropCenter(ImageSize.Square(Math.Min(Size.Height, Size.Width))));
        if (options.Size is not { } size)
            return image;

        var resized = image.Then(options.CenterCrop
            ? ImageResize.Cover(image, size, options.Filter)
            : ImageResize.Resize(image, size, options.Filter));
        foreach (ref float value in resized.Values)
            value = Math.Clamp(value, 0, 1);
        return resized;
    }

    /// <summary>The same image with 1, 3 or 4 channels.</summary>
    public PixelBuffer WithChannels(int channels)
    {
        if (channels == Channels)
            return this;

        var result = new PixelBuffer(Size, channels) { Format = Format };
        var source = Values;
        var target = result.Values;
        int count = Size.Height * Size.Width;
        // Two channels are grey and alpha.
        bool isGrey = Channels < 3;
        int alphaAt = Channels is 2 or 4 ? Channels - 1 : -1;
        for (int i = 0; i < count; i++)
        {
            var from = source.Slice(i * Channels, Channels);
            var to = target.Slice(i * channels, channels);
            float alpha = alphaAt < 0 ? 1 : from[alphaAt];
            bool overWhite = alphaAt >= 0 && channels != 4;
            float Colour(float value) => overWhite ? value * alpha + (1 - alpha) : value;
            float red = Colour(from[0]);
            float green = isGrey ? red : Colour(from[1]);
            float blue = isGrey ? red : Colour(from[2]);
            if (channels == 1)
            {
                to[0] = isGrey ? red : (float)(0.299 * red + 0.587 * green + 0.114 * blue);
                continue;
            }

            (to[0], to[1], to[2]) = (red, green, blue);
            if (channels == 4)
                to[3] = alpha;
        }

        return result;
    }

    /// <summary>The centre of the image; where the overhang is odd, the extra row or column comes off the end.</summary>
    public PixelBuffer CropCenter(ImageSize size)
    {
        if (size == Size)
            return this;

        int top = (Size.Height - size.Height) / 2;
        int left = (Size.Width - size.Width) / 2;
        int rowLength = size.Width * Channels;
        var result = new PixelBuffer(size, Channels) { Format = Format };
        for (int y = 0; y < size.Height; y++)
            Values.Slice(((top + y) * Size.Width + left) * Channels, rowLength).CopyTo(result.Values[(y * rowLength)..]);
        return result;
    }

    /// <summary>The signal of this image, which takes over its numbers.</summary>
    public Signal ToSignal(string name)
    {
        try
        {
            return Signal.OnGrid(_values, SignalDomain.Grid(Size.Height, Size.Width), name, Format);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();

    // An image that another one was made from is no longer needed.
    private PixelBuffer Then(PixelBuffer next)
    {
        if (!ReferenceEquals(this, next))
            Dispose();
        return next;
    }
}
