namespace Inr.Parameterizations;

/// <summary>The shape of a <see cref="Siren"/>.</summary>
public sealed record SirenOptions
{
    /// <summary>The width of the hidden layers.</summary>
    /// <value>The default is 256; 1 to 8,192.</value>
    public int Width { get; init; } = 256;

    /// <summary>The number of sine layers that follow the first one; the network has this many plus two layers in all.</summary>
    /// <value>The default is 3; 0 to 64.</value>
    public int HiddenLayers { get; init; } = 3;

    /// <summary>ω₀ of the first layer: how fast the first sines oscillate over [-1,1].</summary>
    /// <value>The default is 30; audio wants thousands.</value>
    public double FirstOmega { get; init; } = 30;

    /// <summary>ω₀ of the other sine layers.</summary>
    /// <value>The default is 30.</value>
    public double HiddenOmega { get; init; } = 30;

    /// <summary>A constant that is added to the output.</summary>
    /// <value>The default is 0, as in the official code, whose values lie in [-1,1]; the image builder sets 0.5 for values in [0,1].</value>
    public double OutputOffset { get; init; }
}
