using Inr.Losses;

namespace Inr;

/// <summary>What a report says about the quality of one representation of one signal.</summary>
/// <param name="Psnr">PSNR of unclamped values, in decibels.</param>
/// <param name="Psnr8">PSNR of values clamped to [0,1] and rounded to 8 bits, in decibels.</param>
/// <param name="Ssim">Structural similarity; only of images.</param>
/// <param name="HeldOutPsnr">PSNR on samples that the fitter has not seen, in decibels; only where some were held out.</param>
public sealed record SignalMetrics(double Psnr, double Psnr8, double? Ssim = null, double? HeldOutPsnr = null)
{
    /// <summary>Compares an estimate with the true signal.</summary>
    /// <param name="reference">The true signal.</param>
    /// <param name="estimate">The estimate, sampled alike.</param>
    /// <exception cref="ArgumentException">The numbers of samples or channels, or the sizes of the grids, differ.</exception>
    public static SignalMetrics Of(Signal reference, Signal estimate)
    {
        Inr.Psnr.RequireEqualDomains(reference, estimate);
        return Of(reference, estimate.Values);
    }

    /// <summary>Compares a representation with the true signal, at the coordinates of its samples.</summary>
    /// <param name="reference">The true signal.</param>
    /// <param name="representation">The function; it may live on another device.</param>
    /// <param name="query">Samples that the fitter has not seen; none by default.</param>
    /// <param name="observation">What is seen of the function at a coordinate; its value by default.</param>
    /// <exception cref="ArgumentException">The signals' coordinates or channels do not fit the function.</exception>
    public static SignalMetrics Of(Signal reference, ImplicitRepresentation representation, Signal? query = null, Observation? observation = null)
    {
        using var scope = NewDisposeScope();
        var metrics = Of(reference, HeldOut.Estimate(representation, reference, observation));
        return query is null ? metrics : metrics with { HeldOutPsnr = HeldOut.Psnr(representation, query, observation) };
    }

    private static SignalMetrics Of(Signal reference, Tensor estimate)
    {
        using var scope = NewDisposeScope();
        double? ssim = null;
        if (reference.Domain.GridShape is [int height, int width])
        {
            long[] shape = [height, width, reference.Channels];
            ssim = Inr.Ssim.Of(reference.Values.reshape(shape), estimate.reshape(shape));
        }

        return new SignalMetrics(Inr.Psnr.Of(reference.Values, estimate), Inr.Psnr.Of8Bit(reference.Values, estimate), ssim);
    }
}
