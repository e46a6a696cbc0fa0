namespace Inr;

/// <summary>A decoded image on its way to a signal: rows of pixels, the channels of a pixel beside one another.</summary>
/// <param name="Size">The size in pixels.</param>
/// <param name="Channels">Values per pixel.</param>
/// <param name="Values">Height·width·channels numbers, in [0,1] unless a resize overshot.</param>
internal sealed record PixelBuffer(ImageSize Size, int Channels, float[] Values)
{
    /// <summary>The values of one row.</summary>
    public ReadOnlySpan<float> Row(int index) => Values.AsSpan(index * Size.Width * Channels, Size.Width * Channels);

    /// <summary>Applies the options in their order: channels, resize, crop, clamp.</summary>
    public PixelBuffer Apply(ImageLoadOptions options)
    {
        var image = options.Channels is { } channels ? WithChannels(channels) : this;
        if (options.Size is null && options.CenterCrop)
            return image.CropCenter(ImageSize.Square(Math.Min(Size.Height, Size.Width)));
        if (options.Size is not { } size)
            return image;

        var resized = options.CenterCrop
            ? ImageResize.Cover(image, size, options.Filter)
            : ImageResize.Resize(image, size, options.Filter);
        return resized.Clamp();
    }

    /// <summary>The same image with 1, 3 or 4 channels.</summary>
    public PixelBuffer WithChannels(int channels)
    {
        if (channels == Channels)
            return this;

        int count = Size.Height * Size.Width;
        var result = new float[checked(count * channels)];
        for (int i = 0; i < count; i++)
        {
            var from = Values.AsSpan(i * Channels, Channels);
            var to = result.AsSpan(i * channels, channels);
            float alpha = Channels == 4 ? from[3] : 1;
            bool overWhite = Channels == 4 && channels != 4;
            float Colour(float value) => overWhite ? value * alpha + (1 - alpha) : value;
            float red = Colour(from[0]);
            float green = Channels == 1 ? red : Colour(from[1]);
            float blue = Channels == 1 ? red : Colour(from[2]);
            if (channels == 1)
            {
                to[0] = (float)(0.299 * red + 0.587 * green + 0.114 * blue);
                continue;
            }

            (to[0], to[1], to[2]) = (red, green, blue);
            if (channels == 4)
                to[3] = alpha;
        }

        return new PixelBuffer(Size, channels, result);
    }

    /// <summary>The centre of the image; where the overhang is odd, the extra row or column comes off the end.</summary>
    public PixelBuffer CropCenter(ImageSize size)
    {
        if (size == Size)
            return this;

        int top = (Size.Height - size.Height) / 2;
        int left = (Size.Width - size.Width) / 2;
        int rowLength = size.Width * Channels;
        var result = new float[size.Height * rowLength];
        for (int y = 0; y < size.Height; y++)
            Row(top + y).Slice(left * Channels, rowLength).CopyTo(result.AsSpan(y * rowLength));
        return new PixelBuffer(size, Channels, result);
    }

    /// <summary>The signal of this image.</summary>
    public Signal ToSignal(string name)
    {
        using var scope = NewDisposeScope();
        ReadOnlySpan<int> shape = [Size.Height, Size.Width];
        return new Signal(CoordinateGrid.Create(shape), torch.tensor(Values, [Size.PixelCount, Channels], device: CPU), SignalDomain.Grid(shape), name);
    }

    private PixelBuffer Clamp()
    {
        for (int i = 0; i < Values.Length; i++)
            Values[i] = Math.Clamp(Values[i], 0, 1);
        return this;
    }
}
