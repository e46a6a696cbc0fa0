namespace Inr.Parameterizations;

/// <summary>The shape of a <see cref="ReluMlp"/>.</summary>
public sealed record ReluMlpOptions
{
    /// <summary>The width of the hidden layers.</summary>
    /// <value>The default is 256; 1 to 8,192.</value>
    public int Width { get; init; } = 256;

    /// <summary>The width of the last hidden layer: the number of features that the linear output layer mixes.</summary>
    /// <value>
    /// The default is null: <see cref="Width"/>. 1 to 8,192. Where the output layer is solved in closed form, its features cost
    /// outputs + width floats each and no training, so that a narrow stem with many features spends floats better.
    /// </value>
    public int? LastWidth { get; init; }

    /// <summary>The number of layers in all, the linear output layer included.</summary>
    /// <value>The default is 5; 1 to 64.</value>
    public int Depth { get; init; } = 5;

    /// <summary>The encoding of each coordinate: half of this many frequencies, a cosine and a sine of each.</summary>
    /// <value>The default is 128; even, 0 (no encoding) to 4,096.</value>
    public int EncodingSize { get; init; } = 128;

    /// <summary>The largest frequency of the encoding, in cycles over [-1,1].</summary>
    /// <value>The default is 1,024, as in the official code; at least 1.</value>
    public double MaxFrequency { get; init; } = 1024;

    /// <summary>A constant that is added to the output.</summary>
    /// <value>The default is 0; the image builder sets 0.5, as the official code does.</value>
    public double OutputOffset { get; init; }
}
