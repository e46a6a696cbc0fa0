namespace Inr;

/// <summary>How well a representation predicts samples that its fitter has not seen.</summary>
public static class HeldOut
{
    /// <summary>PSNR of a representation on a query, neither clamped nor rounded.</summary>
    /// <param name="representation">The function, fitted on the context; it may live on another device.</param>
    /// <param name="query">The samples to judge on, such as the second part of <see cref="Signal.Split"/>.</param>
    /// <exception cref="ArgumentException">The query's coordinates or channels do not fit the function.</exception>
    public static double Psnr(ImplicitRepresentation representation, Signal query)
    {
        using var scope = NewDisposeScope();
        return Inr.Psnr.Of(query.Values, Estimate(representation, query));
    }

    /// <summary>What a representation says at the coordinates of a signal, on its own device: shape [N,c].</summary>
    internal static Tensor Estimate(ImplicitRepresentation representation, Signal signal)
    {
        ArgumentNullException.ThrowIfNull(representation);
        ArgumentNullException.ThrowIfNull(signal);
        if (representation.Target.OutputDimension != signal.Channels)
            throw new ArgumentException($"The function yields {representation.Target.OutputDimension} channels; the signal is {signal}.", nameof(signal));

        return CoordinatePieces.Evaluate(representation, signal.SampleCount, signal.CoordinatesOf);
    }
}
