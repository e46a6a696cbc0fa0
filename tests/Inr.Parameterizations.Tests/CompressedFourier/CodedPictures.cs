namespace Inr.Parameterizations.Tests.CompressedFourier;

/// <summary>Small pictures of many kinds, by formulas.</summary>
internal static class CodedPictures
{
    /// <summary>Words of small glyphs in two colors with smoothed edges, on white: whole numbers of so many bits.</summary>
    public static Signal Text(int height, int width, int channels, int bits = 8, int seed = 1)
    {
        var random = new Random(seed);
        // Eight glyphs of 7×5 samples, in four greys.
        byte[][] glyphs = [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 35).Select(_ => (byte)(random.Next(3) == 0 ? 85 * random.Next(4) : random.Next(2) * 255)).ToArray())];
        int most = (1 << bits) - 1;
        var values = new float[height * width * channels];
        Array.Fill(values, 1);
        for (int top = 2; top + 7 < height; top += 10)
        {
            double[] ink = [.. Enumerable.Range(0, channels).Select(_ => random.NextDouble() * 0.6)];
            for (int left = 2; left + 5 < width; left += 6)
            {
                byte[]? glyph = random.Next(4) == 0 ? null : glyphs[random.Next(glyphs.Length)];
                for (int i = 0; glyph is not null && i < glyph.Length; i++)
                {
                    for (int c = 0; c < channels; c++)
                        values[((((top + (i / 5)) * width) + left + (i % 5)) * channels) + c] = (float)(Math.Round(most * (1 - (glyph[i] / 255.0 * (1 - ink[c])))) / most);
                }
            }
        }

        return Made(values, [height, width], channels, bits);
    }

    /// <summary>Waves of several directions and an edge, different in every channel, with some noise: whole numbers of so many bits, or of none for 0.</summary>
    public static Signal Photo(int[] shape, int channels, int bits = 8, int seed = 1)
    {
        var random = new Random(seed);
        int count = shape.Aggregate(1, (a, b) => a * b), width = shape[^1];
        double most = (1 << bits) - 1;
        var values = new float[count * channels];
        for (int i = 0; i < count; i++)
        {
            double y = (double)(i / width), x = i % width;
            for (int c = 0; c < channels; c++)
            {
                double value = 0.5 + (0.2 * Math.Sin((0.11 * x) + (0.07 * y * (c + 1)) + seed)) + (0.1 * Math.Cos(0.31 * x * y / (x + y + 9))) + (x + (0.4 * y) > 21 + c ? 0.15 : 0) + (0.03 * random.NextDouble());
                values[(i * channels) + c] = (float)(bits == 0 ? value : Math.Round(value * most) / most);
            }
        }

        return Made(values, shape, channels, bits);
    }

    /// <summary>Text in the upper half, waves in the lower one.</summary>
    public static Signal Page(int height, int width, int channels)
    {
        using var text = Text(height, width, channels);
        using var photo = Photo([height, width], channels);
        var values = cat([text.Values.narrow(0, 0, (long)height / 2 * width), photo.Values.narrow(0, (long)height / 2 * width, (height - (height / 2)) * (long)width)], 0);
        return Signal.OnGrid(values, SignalDomain.Grid(height, width), "page", new SampleFormat(8));
    }

    private static Signal Made(float[] values, int[] shape, int channels, int bits)
    {
        var made = tensor(values, [values.Length / channels, channels]);
        return Signal.OnGrid(made, SignalDomain.Grid(shape), "made", bits == 0 ? null : new SampleFormat(bits));
    }
}
