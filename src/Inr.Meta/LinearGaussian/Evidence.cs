namespace Inr.Meta;

/// <summary>The noise under which samples are most likely: y ~ N(0, A·Aᵀ + v·I), given the spectrum of A and the samples in its directions.</summary>
internal static class Evidence
{
    private const int Steps = 60;
    private const double Golden = 0.6180339887498949;

    /// <summary>The most likely v of at least a bound: the minimum of log det + quadratic form over log v (MacKay 1992; Tipping, Bishop 1999).</summary>
    /// <param name="spectrum">Eigenvalues s of A·Aᵀ that are kept.</param>
    /// <param name="directions">b: the samples times A·q, so that b²/s is their energy in the direction q; as many.</param>
    /// <param name="energy">‖y‖².</param>
    /// <param name="count">The number of values in y.</param>
    /// <param name="least">The smallest v.</param>
    public static double Noise(ReadOnlySpan<double> spectrum, ReadOnlySpan<double> directions, double energy, double count, double least)
    {
        double low = Math.Log(least), high = Math.Log(Math.Max(energy / Math.Max(count, 1), least)) + 1e-9;
        double a = high - (Golden * (high - low)), b = low + (Golden * (high - low));
        double fa = Cost(spectrum, directions, energy, count, a), fb = Cost(spectrum, directions, energy, count, b);
        for (int i = 0; i < Steps; i++)
        {
            if (fa < fb)
            {
                (high, b, fb) = (b, a, fa);
                a = high - (Golden * (high - low));
                fa = Cost(spectrum, directions, energy, count, a);
            }
            else
            {
                (low, a, fa) = (a, b, fb);
                b = low + (Golden * (high - low));
                fb = Cost(spectrum, directions, energy, count, b);
            }
        }

        return Math.Exp((low + high) / 2);
    }

    private static double Cost(ReadOnlySpan<double> spectrum, ReadOnlySpan<double> directions, double energy, double count, double logNoise)
    {
        double v = Math.Exp(logNoise), quadratic = energy, determinant = 0;
        for (int j = 0; j < spectrum.Length; j++)
        {
            quadratic -= directions[j] * directions[j] / (spectrum[j] + v);
            determinant += Math.Log(spectrum[j] + v) - logNoise;
        }

        return (quadratic / v) + determinant + (count * logNoise);
    }
}
