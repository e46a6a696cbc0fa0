namespace Inr.Parameterizations;

/// <summary>The shape of a <see cref="FourierFeatureMlp"/>.</summary>
public sealed record FourierFeatureMlpOptions
{
    /// <summary>The width of the hidden layers.</summary>
    /// <value>The default is 256; 1 to 8,192.</value>
    public int Width { get; init; } = 256;

    /// <summary>The number of layers in all, the output layer included.</summary>
    /// <value>The default is 4; 1 to 64.</value>
    public int Depth { get; init; } = 4;

    /// <summary>The number of random frequencies; each gives a cosine and a sine.</summary>
    /// <value>The default is 256; 1 to 8,192.</value>
    public int Frequencies { get; init; } = 256;

    /// <summary>The standard deviation of the frequencies, in cycles over the domain.</summary>
    /// <value>The default is 10, the paper's choice for photographs (14 for text).</value>
    public double Sigma { get; init; } = 10;

    /// <summary>Whether the output goes through a sigmoid, as in the paper; otherwise <see cref="OutputOffset"/> is added.</summary>
    /// <value>The default is false, so that the last layer can be solved in closed form.</value>
    public bool SigmoidOutput { get; init; }

    /// <summary>A constant that is added to the output where there is no sigmoid.</summary>
    /// <value>The default is 0; the image builder sets 0.5.</value>
    public double OutputOffset { get; init; }
}
