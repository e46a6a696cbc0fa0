using System.Text.Json.Nodes;
using Inr.Files;

namespace Inr.Parameterizations;

/// <summary>SIREN: a multilayer perceptron with sine activations.</summary>
/// <remarks>
/// <c>h₁ = sin(ω_first·(W₀x + b₀))</c>, <c>h_{l+1} = sin(ω_hidden·(W_l h_l + b_l))</c>, <c>f = W_L h_L + b_L + offset</c>.
/// Drawn as in the official code: <c>W₀ ~ U(±1/d)</c>, other <c>W ~ U(±√(6/fan_in)/ω)</c>, biases PyTorch's default
/// <c>U(±1/√fan_in)</c>. A SIREN 2-256×3-3 has 198,915 floats.
/// Sitzmann, Martel, Bergman, Lindell, Wetzstein: Implicit Neural Representations with Periodic Activation Functions,
/// NeurIPS 2020.
/// </remarks>
public sealed class Siren : Perceptron
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "siren";

    private readonly int _width;
    private readonly int _hiddenLayers;

    /// <summary>Creates the function.</summary>
    /// <param name="inputDimension">Coordinates d.</param>
    /// <param name="outputDimension">Values c.</param>
    /// <param name="options">The shape; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public Siren(int inputDimension, int outputDimension, SirenOptions? options = null)
        : base(Describe(inputDimension, outputDimension, options ??= new SirenOptions()))
    {
        _width = options.Width;
        _hiddenLayers = options.HiddenLayers;
    }

    /// <summary>ω₀ of the first layer.</summary>
    public double FirstOmega => Network.First.Omega;

    /// <summary>ω₀ of the other sine layers.</summary>
    public double HiddenOmega => Network.Hidden.Omega;

    /// <inheritdoc/>
    public override TargetDescription Description => new(Kind, new JsonObject
    {
        ["inputs"] = InputDimension,
        ["outputs"] = OutputDimension,
        ["width"] = _width,
        ["hiddenLayers"] = _hiddenLayers,
        ["firstOmega"] = FirstOmega,
        ["hiddenOmega"] = HiddenOmega,
        ["outputOffset"] = Network.OutputOffset,
    });

    /// <summary>Rebuilds the function from <see cref="Description"/>.</summary>
    public static Siren FromOptions(JsonObject options) => new(options.Int("inputs"), options.Int("outputs"), new SirenOptions
    {
        Width = options.Int("width"),
        HiddenLayers = options.Int("hiddenLayers"),
        FirstOmega = options.Number("firstOmega"),
        HiddenOmega = options.Number("hiddenOmega"),
        OutputOffset = options.Number("outputOffset"),
    });

    private static PerceptronDescription Describe(int inputDimension, int outputDimension, SirenOptions options)
    {
        new SirenOptionsValidator().ThrowIfInvalid(options);
        return new PerceptronDescription(inputDimension, outputDimension)
        {
            HiddenWidths = [.. Enumerable.Repeat(options.Width, options.HiddenLayers + 1)],
            First = Activation.Sine.At(options.FirstOmega),
            Hidden = Activation.Sine.At(options.HiddenOmega),
            OutputOffset = options.OutputOffset,
        };
    }
}
