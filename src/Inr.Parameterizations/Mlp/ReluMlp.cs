using System.Text.Json.Nodes;
using Inr.Files;

namespace Inr.Parameterizations;

/// <summary>A ReLU perceptron on a positional encoding: the hyponet of Trans-INR.</summary>
/// <remarks>
/// <c>h₀ = γ(x)</c> (<see cref="PositionalEncoding"/>), <c>h_{l+1} = relu(W_l h_l + b_l)</c>, <c>f = W_L h_L + b_L + offset</c>,
/// drawn as PyTorch draws linear layers. With the defaults and an image, 263,939 floats.
/// <see cref="StackedLayout"/> gives the official matrices <c>wb_i (fan_in+1, fan_out)</c>, whose last row is the bias.
/// Chen and Wang: Transformers as Meta-Learners for Implicit Neural Representations, ECCV 2022.
/// </remarks>
public sealed class ReluMlp : Perceptron
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "relu-mlp";

    private readonly ReluMlpOptions _options;

    /// <summary>Creates the function.</summary>
    /// <param name="inputDimension">Coordinates d.</param>
    /// <param name="outputDimension">Values c.</param>
    /// <param name="options">The shape; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public ReluMlp(int inputDimension, int outputDimension, ReluMlpOptions? options = null)
        : base(Describe(inputDimension, outputDimension, options ??= new ReluMlpOptions()))
    {
        _options = options;
    }

    /// <inheritdoc/>
    public override TargetDescription Description
    {
        get
        {
            var options = new JsonObject
            {
                ["inputs"] = InputDimension,
                ["outputs"] = OutputDimension,
                ["width"] = _options.Width,
                ["depth"] = _options.Depth,
                ["encodingSize"] = _options.EncodingSize,
                ["maxFrequency"] = _options.MaxFrequency,
                ["outputOffset"] = _options.OutputOffset,
            };
            // Only where it is set, so that files of plain perceptrons stay what they were.
            if (_options.LastWidth is { } width)
                options["lastWidth"] = width;
            return new(Kind, options);
        }
    }

    /// <summary>Rebuilds the function from <see cref="Description"/>.</summary>
    public static ReluMlp FromOptions(JsonObject options) => new(options.Int("inputs"), options.Int("outputs"), new ReluMlpOptions
    {
        Width = options.Int("width"),
        LastWidth = options.IntOrNull("lastWidth"),
        Depth = options.Int("depth"),
        EncodingSize = options.Int("encodingSize"),
        MaxFrequency = options.Number("maxFrequency"),
        OutputOffset = options.Number("outputOffset"),
    });

    private static PerceptronDescription Describe(int inputDimension, int outputDimension, ReluMlpOptions options)
    {
        new ReluMlpOptionsValidator().ThrowIfInvalid(options);
        int[] widths = [.. Enumerable.Repeat(options.Width, options.Depth - 1)];
        if (options.LastWidth is { } last)
            widths[^1] = last;
        return new PerceptronDescription(inputDimension, outputDimension)
        {
            Encoding = options.EncodingSize == 0 ? InputEncoding.None : new PositionalEncoding(options.EncodingSize, options.MaxFrequency),
            HiddenWidths = widths,
            Hidden = Activation.Relu,
            OutputOffset = options.OutputOffset,
        };
    }
}
