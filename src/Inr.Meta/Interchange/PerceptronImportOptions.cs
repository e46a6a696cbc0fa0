namespace Inr.Meta;

/// <summary>What a state dict does not say about its perceptron.</summary>
public sealed record PerceptronImportOptions
{
    /// <summary>ω₀ of the first layer of a SIREN, which its code holds and its weights do not show.</summary>
    /// <value>The default is 30, as in the official code.</value>
    public double FirstOmega { get; init; } = 30;

    /// <summary>ω₀ of the other sine layers of a SIREN.</summary>
    /// <value>The default is 30, as in the official code; 1 in codes that leave it out there.</value>
    public double HiddenOmega { get; init; } = 30;

    /// <summary>The encoding of each coordinate of a ReLU perceptron: half of this many frequencies, a cosine and a sine of each, as <see cref="Parameterizations.ReluMlpOptions.EncodingSize"/>.</summary>
    /// <value>The default is 0: none.</value>
    public int EncodingSize { get; init; }

    /// <summary>The largest frequency of the encoding, as <see cref="Parameterizations.ReluMlpOptions.MaxFrequency"/>.</summary>
    /// <value>The default is 1,024.</value>
    public double MaxFrequency { get; init; } = 1024;

    /// <summary>A factor of the output, multiplied into the last layer.</summary>
    /// <value>The default is 1; 0.5 with an <see cref="OutputOffset"/> of 0.5 for a network of values in [-1,1], where images here lie in [0,1].</value>
    public double OutputScale { get; init; } = 1;

    /// <summary>A constant that is added to the output.</summary>
    /// <value>The default is 0.</value>
    public double OutputOffset { get; init; }

    /// <summary>Where the signal was sampled, such as the size of an image.</summary>
    /// <value>The default is null: scattered, so that a render must say its size.</value>
    public SignalDomain? Domain { get; init; }

    /// <summary>Where in a file of <c>torch.save</c> the state dict is: keys joined by dots, such as <c>ema.model</c>.</summary>
    /// <value>The default is null: the only dictionary with weights.</value>
    public string? StateKey { get; init; }
}
