namespace Inr.Evaluation;

/// <summary>How many bits one curve needs more than another at the same PSNR, on average (Bjøntegaard, VCEG-M33, 2001).</summary>
/// <remarks>
/// The logarithm of the rate is interpolated over the PSNR by a piecewise cubic that keeps the order of its points (PCHIP: Fritsch and
/// Butland, 1984, with Moler's ends), and the difference of the two is averaged over the PSNRs that both curves have.
/// </remarks>
public static class BjontegaardRate
{
    private const int FewestPoints = 3;

    /// <summary>The mean difference of rate, as a share: −0.2 where the curve needs 20 % fewer bits than the reference.</summary>
    /// <param name="reference">The curve to compare with; the order of its points does not matter.</param>
    /// <param name="curve">The curve to judge.</param>
    /// <returns>
    /// The share; null where a curve has fewer than three points whose PSNR grows with the rate, or they have no range of PSNR in
    /// common.
    /// </returns>
    public static double? Between(IReadOnlyList<RatePoint> reference, IReadOnlyList<RatePoint> curve)
    {
        if (CommonRange(reference, curve) is not var (low, high))
            return null;
        double difference = (LogRate.Of(curve).Integral(low, high) - LogRate.Of(reference).Integral(low, high)) / (high - low);
        return Math.Exp(difference) - 1;
    }

    /// <summary>The PSNRs that both curves have; null as for <see cref="Between"/>.</summary>
    /// <param name="reference">A curve.</param>
    /// <param name="curve">Another one.</param>
    public static (double Low, double High)? CommonRange(IReadOnlyList<RatePoint> reference, IReadOnlyList<RatePoint> curve)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(curve);
        var (first, second) = (LogRate.Of(reference), LogRate.Of(curve));
        if (first.Count < FewestPoints || second.Count < FewestPoints)
            return null;
        double low = Math.Max(first.Low, second.Low), high = Math.Min(first.High, second.High);
        return high > low ? (low, high) : null;
    }

    /// <summary>The PSNR of a curve at a rate, on straight lines over the logarithm of the rate; null outside of its points.</summary>
    /// <param name="curve">The curve.</param>
    /// <param name="bitsPerSample">The rate.</param>
    public static double? PsnrAt(IReadOnlyList<RatePoint> curve, double bitsPerSample)
    {
        ArgumentNullException.ThrowIfNull(curve);
        var points = curve.OrderBy(p => p.BitsPerSample).ToList();
        for (int i = 1; i < points.Count; i++)
        {
            var (a, b) = (points[i - 1], points[i]);
            if (bitsPerSample >= a.BitsPerSample && bitsPerSample <= b.BitsPerSample && b.BitsPerSample > a.BitsPerSample)
                return a.Psnr + ((b.Psnr - a.Psnr) * Math.Log(bitsPerSample / a.BitsPerSample) / Math.Log(b.BitsPerSample / a.BitsPerSample));
        }

        return null;
    }
}
