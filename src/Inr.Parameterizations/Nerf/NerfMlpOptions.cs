namespace Inr.Parameterizations;

/// <summary>The shape of a <see cref="NerfMlp"/>.</summary>
public sealed class NerfMlpOptions
{
    /// <summary>The width of the hidden layers.</summary>
    /// <value>The default is 256; 1 to 8,192.</value>
    public int Width { get; set; } = 256;

    /// <summary>The number of layers in all, the output layer included.</summary>
    /// <value>The default is 6; 1 to 64.</value>
    public int Depth { get; set; } = 6;

    /// <summary>The encoding of each coordinate: half of this many frequencies, a cosine and a sine of each.</summary>
    /// <value>The default is 40; even, 2 to 4,096.</value>
    public int EncodingSize { get; set; } = 40;
}
