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
        ArgumentNullException.ThrowIfNull(representation);
        ArgumentNullException.ThrowIfNull(query);
        SignalMetrics.RequireSameChannels(representation, query);
        using var scope = NewDisposeScope();
        var parameters = representation.Parameters;
        var estimate = representation.Evaluate(query.Coordinates.to(parameters.Device).to(parameters.ScalarType));
        return Inr.Psnr.Of(query.Values, estimate);
    }
}
