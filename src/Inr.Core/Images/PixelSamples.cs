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

    /// <summary>Clamps values to [0,1] and rounds them to 8 bits.</summary>
    public static void Write(ReadOnlySpan<float> values, Span<byte> samples)
    {
        for (int i = 0; i < values.Length; i++)
            samples[i] = (byte)Quantize(values[i], byte.MaxValue);
    }

    /// <summary>Clamps values to [0,1] and rounds them to 16 bits.</summary>
    public static void Write(ReadOnlySpan<float> values, Span<ushort> samples)
    {
        for (int i = 0; i < values.Length; i++)
            samples[i] = Quantize(values[i], ushort.MaxValue);
    }

    // NaN fails the first comparison and becomes 0.
    private static ushort Quantize(float value, int max) => value > 0 ? (ushort)MathF.Round(Math.Min(value, 1) * max) : (ushort)0;
}
