namespace Inr.Evaluation;

/// <summary>What a builder must know of a signal.</summary>
/// <param name="Dimension">The number of coordinates.</param>
/// <param name="Channels">The number of values.</param>
public readonly record struct SignalShape(int Dimension, int Channels)
{
    /// <summary>The shape of a signal.</summary>
    public static SignalShape Of(Signal signal) => new(signal.InputDimension, signal.Channels);

    /// <summary>A builder for such signals.</summary>
    public InrBuilder Builder() => Dimension switch
    {
        1 => InrBuilder.ForAudio(Channels),
        2 => InrBuilder.ForImages(Channels),
        _ => InrBuilder.ForSignals(Dimension, Channels),
    };
}
