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
        double psnr = Inr.Psnr.Of(reference, estimate);
        bool images = reference.Domain.GridShape.Count == 2 && estimate.Domain.IsGrid;
        return new SignalMetrics(psnr, Inr.Psnr.Of8Bit(reference, estimate), images ? Inr.Ssim.Of(reference, estimate) : null);
    }

    /// <summary>Compares a representation with the true signal, at the coordinates of its samples.</summary>
    /// <param name="reference">The true signal.</param>
    /// <param name="representation">The function.</param>
    /// <param name="query">Samples that the fitter has not seen; none by default.</param>
    /// <exception cref="ArgumentException">The signals' coordinates or channels do not fit the function.</exception>
    public static SignalMetrics Of(Signal reference, ImplicitRepresentation representation, Signal? query = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(representation);
        RequireSameChannels(representation, reference);
        using var scope = NewDisposeScope();
        using var estimate = Estimate(reference, representation);
        double? heldOut = query is null ? null : HeldOut.Psnr(representation, query);
        return Of(reference, estimate) with { HeldOutPsnr = heldOut };
    }

    /// <summary>Requires the function to yield as many values per sample as the signal has.</summary>
    internal static void RequireSameChannels(ImplicitRepresentation representation, Signal signal)
    {
        if (representation.Target.OutputDimension != signal.Channels)
            throw new ArgumentException($"The function yields {representation.Target.OutputDimension} channels; the signal is {signal}.", nameof(signal));
    }

    private static Signal Estimate(Signal reference, ImplicitRepresentation representation)
    {
        var parameters = representation.Parameters;
        var coordinates = reference.Coordinates.to(parameters.Device).to(parameters.ScalarType);
        var values = representation.Evaluate(coordinates).to(reference.Values.device).to(reference.Values.dtype);
        return new Signal(reference.Coordinates.alias(), values, reference.Domain);
    }
}
