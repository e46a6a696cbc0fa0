namespace Inr;

/// <summary>Whole numbers of pixels to values in [0,1], and back.</summary>
internal static class PixelSamples
{
    /// <summary>Divides 8-bit samples by 255.</summary>
    public static void Read(ReadOnlySpan<byte> samples, Span<float> values)
    {
        for (int i = 0; i < samples.Length; i++)
            values[i] = samples[i] / 255f;
    }

    /// <summary>Divides 16-bit samples by 65,535.</summary>
    public static void Read(ReadOnlySpan<ushort> samples, Span<float> values)
    {
        for (int i = 0; i < samples.Length; i++)
            values[i] = samples[i] / 65535f;
    }

    /// <summary>Clips values to [0,1] and rounds them to 8 bits.</summary>
    /// <returns>How many lay outside by more than rounding.</returns>
    public static long Write(ReadOnlySpan<float> values, Span<byte> samples)
    {
        for (int i = 0; i < values.Length; i++)
            samples[i] = (byte)Quantize(values[i], byte.MaxValue);
        return CountOutside(values, byte.MaxValue);
    }

    /// <summary>Clips values to [0,1] and rounds them to 16 bits.</summary>
    /// <returns>How many lay outside by more than rounding.</returns>
    public static long Write(ReadOnlySpan<float> values, Span<ushort> samples)
    {
        for (int i = 0; i < values.Length; i++)
            samples[i] = Quantize(values[i], ushort.MaxValue);
        return CountOutside(values, ushort.MaxValue);
    }

    private static long CountOutside(ReadOnlySpan<float> values, int max)
    {
        float step = 0.5f / max;
        long count = 0;
        foreach (float value in values)
            count += value >= -step && value <= 1 + step ? 0 : 1;
        return count;
    }

    // NaN fails the first comparison and becomes 0.
    private static ushort Quantize(float value, int max) => value > 0 ? (ushort)MathF.Round(Math.Min(value, 1) * max) : (ushort)0;
}
