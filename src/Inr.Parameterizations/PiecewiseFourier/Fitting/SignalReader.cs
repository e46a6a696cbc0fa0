namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Turns the values of a signal into centred, colour-rotated planes.</summary>
internal static class SignalReader
{
    /// <summary>Reads a signal.</summary>
    /// <returns>The planes and the level that was subtracted: the median of each channel, so that a plain background costs nothing.</returns>
    public static (float[][] Planes, float[] Level) Read(Signal signal)
    {
        int channels = signal.Channels;
        var values = TensorNumbers.Of(signal.Values);
        int count = values.Length / channels;
        var level = Levels(values, channels);
        var rotation = ColorRotation.For(channels);
        var planes = new float[channels][];
        for (int c = 0; c < channels; c++)
            planes[c] = new float[count];
        Parallel.For(0, channels, c =>
        {
            var plane = planes[c];
            for (int i = 0; i < count; i++)
            {
                double v = 0;
                for (int k = 0; k < channels; k++)
                    v += rotation[(c * channels) + k] * ((double)values[(i * channels) + k] - level[k]);
                plane[i] = (float)v;
            }
        });
        return (planes, level);
    }

    /// <summary>Requires the dimensions that a builder was told.</summary>
    /// <exception cref="ArgumentException">They differ.</exception>
    public static void RequireDimensions(Signal signal, (int Input, int Output)? dimensions)
    {
        if (dimensions is { } d && (signal.InputDimension != d.Input || signal.Channels != d.Output))
            throw new ArgumentException($"The fitter was built for signals of {d.Input} coordinates and {d.Output} channels; this one has {signal.InputDimension} and {signal.Channels} ({signal}).", nameof(signal));
    }

    private static float[] Levels(float[] values, int channels)
    {
        const int MostSamples = 1 << 16;
        int count = values.Length / channels, step = Math.Max(1, count / MostSamples);
        var level = new float[channels];
        var sample = new float[(count + step - 1) / step];
        for (int c = 0; c < channels; c++)
        {
            for (int i = 0; i < sample.Length; i++)
                sample[i] = values[(i * step * channels) + c];
            Array.Sort(sample);
            level[c] = sample[sample.Length / 2];
        }

        return level;
    }
}
