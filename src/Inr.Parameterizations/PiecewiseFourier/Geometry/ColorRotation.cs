namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The fixed rotation of red, green and blue into lightness and two colour differences; it stores no number.</summary>
/// <remarks>
/// Rows (1,1,1)/√3, (1,0,−1)/√2, (1,−2,1)/√6: orthonormal, so that squared errors are the same on both sides. Signals of 3
/// channels, and of 4 (red, green, blue, opacity), are rotated; others stay as they are.
/// </remarks>
internal static class ColorRotation
{
    private static readonly double[] Matrix =
    [
        1 / Math.Sqrt(3), 1 / Math.Sqrt(3), 1 / Math.Sqrt(3),
        1 / Math.Sqrt(2), 0, -1 / Math.Sqrt(2),
        1 / Math.Sqrt(6), -2 / Math.Sqrt(6), 1 / Math.Sqrt(6),
    ];

    /// <summary>Whether a signal of so many channels is rotated.</summary>
    public static bool Applies(int channels) => channels is 3 or 4;

    /// <summary>The rotation as a [channels, channels] matrix, row-major: rotated = M·value.</summary>
    public static double[] For(int channels)
    {
        var m = new double[channels * channels];
        for (int c = 0; c < channels; c++)
            m[(c * channels) + c] = 1;
        if (!Applies(channels))
            return m;
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
                m[(i * channels) + j] = Matrix[(3 * i) + j];
        }

        return m;
    }

    /// <summary>The inverse rotation as a [channels, channels] matrix, row-major: value = M⁻¹·rotated.</summary>
    public static float[] Inverse(int channels)
    {
        var m = For(channels);
        var inverse = new float[m.Length];
        for (int i = 0; i < channels; i++)
        {
            for (int j = 0; j < channels; j++)
                inverse[(i * channels) + j] = (float)m[(j * channels) + i];
        }

        return inverse;
    }
}
