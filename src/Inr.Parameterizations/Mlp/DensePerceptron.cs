using System.Text.Json.Nodes;

namespace Inr.Parameterizations;

/// <summary>Any dense network that a <see cref="PerceptronDescription"/> describes: any encoding with any activations.</summary>
/// <remarks>
/// <code>
/// var gauss = new DensePerceptron(new PerceptronDescription(2, 3) { Hidden = Activation.Gauss.At(30), OutputOffset = 0.5 });
/// </code>
/// </remarks>
public sealed class DensePerceptron : Perceptron
{
    /// <summary>The kind in files.</summary>
    public const string Kind = "perceptron";

    /// <summary>Creates the function.</summary>
    /// <param name="network">The description. Files need its activations and its encoding to be registered.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">It is invalid.</exception>
    public DensePerceptron(PerceptronDescription network)
        : base(network)
    {
    }

    /// <inheritdoc/>
    public override TargetDescription Description => new(Kind, PerceptronJson.Write(Network));

    /// <summary>Rebuilds the function from <see cref="Description"/>.</summary>
    public static DensePerceptron FromOptions(JsonObject options) => new(PerceptronJson.Read(options));
}
