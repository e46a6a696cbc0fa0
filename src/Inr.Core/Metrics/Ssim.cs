namespace Inr;

/// <summary>Structural similarity of two images whose values span [0,1]; 1 means equal.</summary>
/// <remarks>
/// <para>
/// With Gaussian-weighted means μ, variances σ² and covariance σ_xy around each pixel,
/// <c>SSIM = (2μ_x μ_y + C1)(2σ_xy + C2) / ((μ_x² + μ_y² + C1)(σ_x² + σ_y² + C2))</c>, averaged over the pixels whose
/// window lies within the image and over channels. Window 11×11, σ = 1.5, C1 = (0.01·L)², C2 = (0.03·L)², L = 1; values
/// are neither clamped nor rounded; computed in double.
/// </para>
/// <para>An image of fewer than 11 rows or columns uses the largest odd window that fits, with the same σ.</para>
/// <para>Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from error visibility to structural similarity", 2004.</para>
/// </remarks>
public static class Ssim
{
    private const int WindowSize = 11;
    private const double Sigma = 1.5;
    private const double C1 = 0.01 * 0.01;
    private const double C2 = 0.03 * 0.03;

    /// <summary>SSIM of two images.</summary>
    /// <param name="reference">A signal on a grid of two axes.</param>
    /// <param name="estimate">A signal on the same grid, of as many channels.</param>
    /// <returns>In [−1,1].</returns>
    /// <exception cref="ArgumentException">A signal is no image, or their sizes or channels differ.</exception>
    public static double Of(Signal reference, Signal estimate)
    {
        Psnr.RequireEqualDomains(reference, estimate);
        int height = reference.Height();
        // Throws where the estimate is scattered.
        _ = estimate.Height();
        using var scope = NewDisposeScope();
        long[] shape = [height, reference.Width(), reference.Channels];
        return Of(reference.Values.reshape(shape), estimate.Values.reshape(shape));
    }

    /// <summary>SSIM of two images.</summary>
    /// <param name="reference">Shape [height,width,channels], floating point.</param>
    /// <param name="estimate">The same shape.</param>
    /// <returns>In [−1,1]; NaN where an input holds NaN.</returns>
    /// <exception cref="ArgumentException">The shapes are others, or the values are not floating point.</exception>
    public static double Of(Tensor reference, Tensor estimate)
    {
        Shapes.Require(reference, nameof(reference), "[height,width,channels]", 3);
        Shapes.Require(estimate, nameof(estimate), "[height,width,channels]", 3);
        if (!reference.shape.SequenceEqual(estimate.shape) || reference.numel() == 0)
            throw new ArgumentException($"reference and estimate need the same shape [height,width,channels], each at least 1; they are {Shapes.Text(reference)} and {Shapes.Text(estimate)}.", nameof(estimate));

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var type = reference.dtype == ScalarType.Float32 && estimate.dtype == ScalarType.Float32 ? ScalarType.Float32 : ScalarType.Float64;
        if (reference.device_type == DeviceType.CPU && reference.numel() <= int.MaxValue)
            return SsimRows.Mean(reference.to(type).contiguous(), estimate.to(type, CPU).contiguous(), Window(reference.shape).data<double>().ToArray(), C1, C2);
        var window = Window(reference.shape).to(reference.device);
        // Channels become the batch of a convolution of one plane.
        var x = reference.to(float64).permute(2, 0, 1).unsqueeze(1);
        var y = estimate.to(reference.device).to(float64).permute(2, 0, 1).unsqueeze(1);
        Tensor Mean(Tensor t) => nn.functional.conv2d(nn.functional.conv2d(t, window.reshape(1, 1, -1, 1)), window.reshape(1, 1, 1, -1));

        var meanX = Mean(x);
        var meanY = Mean(y);
        var varianceX = Mean(x * x) - meanX * meanX;
        var varianceY = Mean(y * y) - meanY * meanY;
        var covariance = Mean(x * y) - meanX * meanY;
        var numerator = (2 * meanX * meanY + C1) * (2 * covariance + C2);
        var denominator = (meanX * meanX + meanY * meanY + C1) * (varianceX + varianceY + C2);
        return (numerator / denominator).mean().item<double>();
    }

    private static Tensor Window(long[] shape)
    {
        long smallest = Math.Min(shape[0], shape[1]);
        long size = Math.Min(WindowSize, smallest % 2 == 1 ? smallest : smallest - 1);
        var offset = arange(size, dtype: float64) - (size - 1) / 2.0;
        var weights = (offset.square() / (-2 * Sigma * Sigma)).exp();
        return weights / weights.sum();
    }
}
