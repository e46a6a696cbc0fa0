namespace Inr;

/// <summary>Peak signal-to-noise ratio for values whose peak is 1: <c>−10·log10(mean squared error)</c>, in decibels.</summary>
/// <remarks>
/// The mean runs over all values, channels included, in double. Equal inputs give positive infinity. The PSNR of a data
/// set is the mean of its signals' PSNR, not the PSNR of their mean error.
/// </remarks>
public static class Psnr
{
    /// <summary>PSNR of values as they are, neither clamped nor rounded.</summary>
    /// <param name="reference">Any shape, floating point.</param>
    /// <param name="estimate">The same shape.</param>
    /// <returns>Decibels; NaN where an input holds NaN.</returns>
    /// <exception cref="ArgumentException">The shapes differ, there is no value, or the values are not floating point.</exception>
    public static double Of(Tensor reference, Tensor estimate)
    {
        RequireEqualShapes(reference, estimate);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return FromMeanSquaredError(MeanSquaredError(reference, estimate.to(reference.device), rounded: false));
    }

    /// <summary>PSNR of the values of two signals, neither clamped nor rounded.</summary>
    /// <param name="reference">The true signal.</param>
    /// <param name="estimate">A signal of as many samples and channels.</param>
    /// <exception cref="ArgumentException">The numbers of samples or channels, or the sizes of the grids, differ.</exception>
    public static double Of(Signal reference, Signal estimate)
    {
        RequireEqualDomains(reference, estimate);
        return Of(reference.Values, estimate.Values);
    }

    /// <summary>PSNR of values that are first clamped to [0,1] and rounded to multiples of 1/255, as a picture file holds them.</summary>
    /// <param name="reference">Any shape, floating point.</param>
    /// <param name="estimate">The same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ, there is no value, or the values are not floating point.</exception>
    public static double Of8Bit(Tensor reference, Tensor estimate)
    {
        RequireEqualShapes(reference, estimate);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return FromMeanSquaredError(MeanSquaredError(reference, estimate.to(reference.device), rounded: true));
    }

    /// <summary>PSNR of the values of two signals, first clamped to [0,1] and rounded to 8 bits.</summary>
    /// <param name="reference">The true signal.</param>
    /// <param name="estimate">A signal of as many samples and channels.</param>
    /// <exception cref="ArgumentException">The numbers of samples or channels, or the sizes of the grids, differ.</exception>
    public static double Of8Bit(Signal reference, Signal estimate)
    {
        RequireEqualDomains(reference, estimate);
        return Of8Bit(reference.Values, estimate.Values);
    }

    /// <summary>The PSNR that belongs to a mean squared error.</summary>
    /// <param name="meanSquaredError">At least 0; 0 gives positive infinity.</param>
    public static double FromMeanSquaredError(double meanSquaredError) => -10 * Math.Log10(meanSquaredError);

    /// <summary>Requires two signals to be sampled alike.</summary>
    internal static void RequireEqualDomains(Signal reference, Signal estimate)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(estimate);
        bool bothGrids = reference.Domain.IsGrid && estimate.Domain.IsGrid;
        if (bothGrids && !reference.Domain.Equals(estimate.Domain))
            throw new ArgumentException($"Both signals need the same grid; the reference is {reference}, the estimate {estimate}.", nameof(estimate));
        if (reference.SampleCount != estimate.SampleCount || reference.Channels != estimate.Channels)
            throw new ArgumentException($"Both signals need as many samples and channels; the reference is {reference}, the estimate {estimate}.", nameof(estimate));
    }

    private static void RequireEqualShapes(Tensor reference, Tensor estimate)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(estimate);
        if (!reference.shape.SequenceEqual(estimate.shape))
            throw new ArgumentException($"reference and estimate need the same shape; they are {Shapes.Text(reference)} and {Shapes.Text(estimate)}.", nameof(estimate));
        if (reference.numel() == 0)
            throw new ArgumentException($"There is no value to compare: the shape is {Shapes.Text(reference)}.", nameof(reference));
        if (!reference.is_floating_point() || !estimate.is_floating_point())
            throw new ArgumentException($"reference and estimate must be floating point; they are {reference.dtype} and {estimate.dtype}.", nameof(reference));
    }

    private static Tensor Round8(Tensor values) => (values.to(float64).clamp(0, 1) * 255).round() / 255;

    private static double MeanSquaredError(Tensor reference, Tensor estimate, bool rounded)
    {
        if (reference.device_type == DeviceType.CPU && reference.numel() <= int.MaxValue)
        {
            return reference.dtype == ScalarType.Float32 && estimate.dtype == ScalarType.Float32
                ? SquaredErrors.Mean<float>(reference.contiguous(), estimate.contiguous(), rounded)
                : SquaredErrors.Mean<double>(reference.to(float64).contiguous(), estimate.to(float64).contiguous(), rounded);
        }

        var (x, y) = rounded ? (Round8(reference), Round8(estimate)) : (reference.to(float64), estimate.to(float64));
        return (x - y).square().mean().item<double>();
    }
}
