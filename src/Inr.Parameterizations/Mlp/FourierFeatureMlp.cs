using System.Text.Json.Nodes;
using Inr.Files;

namespace Inr.Parameterizations;

/// <summary>A ReLU perceptron on Gaussian random Fourier features.</summary>
/// <remarks>
/// <c>h₀ = γ(x)</c> (<see cref="GaussianEncoding"/>), then dense ReLU layers drawn as PyTorch draws them. The random
/// frequencies are part of θ: they are stored and counted. Deviation from the paper: the output is linear plus an offset unless
/// <see cref="FourierFeatureMlpOptions.SigmoidOutput"/> is set.
/// Tancik et al.: Fourier Features Let Networks Learn High Frequency Functions in Low Dimensional Domains, NeurIPS 2020.
/// </remarks>
public sealed class FourierFeatureMlp : Perceptron
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "fourier-mlp";

    private readonly FourierFeatureMlpOptions _options;

    /// <summary>Creates the function.</summary>
    /// <param name="inputDimension">Coordinates d.</param>
    /// <param name="outputDimension">Values c.</param>
    /// <param name="options">The shape; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public FourierFeatureMlp(int inputDimension, int outputDimension, FourierFeatureMlpOptions? options = null)
        : base(Describe(inputDimension, outputDimension, options ??= new FourierFeatureMlpOptions()))
    {
        _options = options;
    }

    /// <inheritdoc/>
    public override TargetDescription Description => new(Kind, new JsonObject
    {
        ["inputs"] = InputDimension,
        ["outputs"] = OutputDimension,
        ["width"] = _options.Width,
        ["depth"] = _options.Depth,
        ["frequencies"] = _options.Frequencies,
        ["sigma"] = _options.Sigma,
        ["sigmoidOutput"] = _options.SigmoidOutput,
        ["outputOffset"] = _options.OutputOffset,
    });

    /// <summary>Rebuilds the function from <see cref="Description"/>.</summary>
    public static FourierFeatureMlp FromOptions(JsonObject options) => new(options.Int("inputs"), options.Int("outputs"), new FourierFeatureMlpOptions
    {
        Width = options.Int("width"),
        Depth = options.Int("depth"),
        Frequencies = options.Int("frequencies"),
        Sigma = options.Number("sigma"),
        SigmoidOutput = options.Flag("sigmoidOutput"),
        OutputOffset = options.Number("outputOffset"),
    });

    private static PerceptronDescription Describe(int inputDimension, int outputDimension, FourierFeatureMlpOptions options)
    {
        new FourierFeatureMlpOptionsValidator().ThrowIfInvalid(options);
        return new PerceptronDescription(inputDimension, outputDimension)
        {
            Encoding = new GaussianEncoding(options.Frequencies, options.Sigma),
            HiddenWidths = [.. Enumerable.Repeat(options.Width, options.Depth - 1)],
            Hidden = Activation.Relu,
            OutputOffset = options.OutputOffset,
            Output = options.SigmoidOutput ? OutputMap.Sigmoid : OutputMap.Linear,
        };
    }
}
