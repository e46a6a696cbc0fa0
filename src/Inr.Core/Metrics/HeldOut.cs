using Inr.Losses;

namespace Inr;

/// <summary>How well a representation predicts samples that its fitter has not seen.</summary>
public static class HeldOut
{
    /// <summary>PSNR of a representation on a query, neither clamped nor rounded.</summary>
    /// <param name="representation">The function, fitted on the context; it may live on another device.</param>
    /// <param name="query">The samples to judge on, such as the second part of <see cref="Signal.Split"/>.</param>
    /// <param name="observation">What is seen of the function at a coordinate; its value by default.</param>
    /// <exception cref="ArgumentException">The query's coordinates or channels do not fit the function.</exception>
    public static double Psnr(ImplicitRepresentation representation, Signal query, Observation? observation = null)
    {
        using var scope = NewDisposeScope();
        return Inr.Psnr.Of(query.Values, Estimate(representation, query, observation));
    }

    /// <summary>What is seen of a representation at the coordinates of a signal, on its own device: shape [N,c].</summary>
    internal static Tensor Estimate(ImplicitRepresentation representation, Signal signal, Observation? observation = null)
    {
        ArgumentNullException.ThrowIfNull(representation);
        ArgumentNullException.ThrowIfNull(signal);
        if (observation is not null && !ReferenceEquals(observation, Observation.Field))
            return new LossFunction(representation.Target, new Loss { Observation = observation }).Predict(representation.Parameters, signal);
        if (representation.Target.OutputDimension != signal.Channels)
            throw new ArgumentException($"The function yields {representation.Target.OutputDimension} channels; the signal is {signal}.", nameof(signal));

        return CoordinatePieces.Evaluate(representation, signal.SampleCount, signal.CoordinatesOf);
    }
}
