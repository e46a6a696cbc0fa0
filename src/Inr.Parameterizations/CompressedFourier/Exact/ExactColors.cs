namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Samples as whole numbers: up to four values of 8 or 16 bits as one color.</summary>
internal static class ExactColors
{
    /// <summary>The most channels.</summary>
    public const int MostChannels = 4;

    private const int ChannelBits = 16;

    // How far a sample may be from a whole number for rounding alone.
    private const float Rounding = 1.0f / 64;

    /// <summary>A value in the place of its channel.</summary>
    public static ulong With(int value, int channel) => (ulong)value << (ChannelBits * channel);

    /// <summary>The value of a channel of a color.</summary>
    public static int Value(ulong color, int channel) => (int)(color >> (ChannelBits * channel)) & ushort.MaxValue;

    /// <summary>The color of every sample, and the bits of its values; null where values are no whole numbers of 8 or 16 bits in [0,1], or there are too many channels.</summary>
    /// <param name="values">Sample by sample.</param>
    /// <param name="width">Samples of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">Values of a sample.</param>
    public static (ExactPlane Plane, int Bits)? Of(ReadOnlySpan<float> values, int width, int height, int channels)
    {
        if (channels > MostChannels)
            return null;
        foreach (int bits in (ReadOnlySpan<int>)[8, 16])
        {
            float most = (1 << bits) - 1;
            if (!IsWhole(values, most))
                continue;
            var plane = new ExactPlane(width, height);
            for (int y = 0, at = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    ulong color = 0;
                    for (int c = 0; c < channels; c++, at++)
                        color |= With((int)MathF.Round(values[at] * most), c);
                    plane.Colors[plane.At(x, y)] = color;
                }
            }

            return (plane, bits);
        }

        return null;
    }

    private static bool IsWhole(ReadOnlySpan<float> values, float most)
    {
        foreach (float value in values)
        {
            float scaled = value * most, whole = MathF.Round(scaled);
            if (!(Math.Abs(scaled - whole) <= Rounding && whole >= 0 && whole <= most))
                return false;
        }

        return true;
    }

    /// <summary>The samples of a channel of a box in steps, as other boxes have them; what is outside of the picture repeats the nearest one.</summary>
    /// <param name="header">The header.</param>
    /// <param name="plane">The colors of the picture.</param>
    /// <param name="place">The box.</param>
    /// <param name="channel">The channel, its color turned.</param>
    /// <param name="samples">Receives the box row by row.</param>
    public static void Take(PictureHeader header, ExactPlane plane, BoxPlace place, int channel, Span<float> samples)
    {
        float scale = 1 / (float)header.Step, most = (1 << header.ExactBits) - 1;
        bool turns = header.Axes is not null && channel < 3;
        for (int y = 0; y < place.Height; y++)
        {
            int row = Math.Min(place.Y + y, header.Height - 1);
            for (int x = 0; x < place.Width; x++)
            {
                ulong color = plane.Colors[plane.At(Math.Min(place.X + x, header.Width - 1), row)];
                float sample;
                if (turns)
                {
                    float[] m = header.Axes!.Matrix;
                    float a = ((Value(color, 0) / most) - (float)header.Means[0]) * scale, b = ((Value(color, 1) / most) - (float)header.Means[1]) * scale,
                        c = ((Value(color, 2) / most) - (float)header.Means[2]) * scale;
                    sample = (m[3 * channel] * a) + (m[(3 * channel) + 1] * b) + (m[(3 * channel) + 2] * c);
                }
                else
                {
                    sample = ((Value(color, channel) / most) - (float)header.Means[channel]) * scale;
                }

                samples[(y * place.Width) + x] = sample;
            }
        }
    }

    /// <summary>Puts the samples of a box among the values of a picture, exactly.</summary>
    public static void Put(PictureHeader header, ExactPlane plane, BoxPlace place, Span<float> values)
    {
        float most = (1 << header.ExactBits) - 1;
        int right = Math.Min(place.X + place.Width, header.Width), bottom = Math.Min(place.Y + place.Height, header.Height);
        for (int y = place.Y; y < bottom; y++)
        {
            for (int x = place.X; x < right; x++)
            {
                int at = (y * header.Width) + x;
                ulong color = plane.Colors[plane.At(x, y)];
                for (int c = 0; c < header.Channels; c++)
                    values[(at * header.Channels) + c] = Value(color, c) / most;
            }
        }
    }
}
