using System.Text.Json.Nodes;

namespace Inr.Parameterizations;

/// <summary>A ReLU perceptron on a positional encoding: the hyponet of Trans-INR.</summary>
/// <remarks>
/// <c>h₀ = γ(x)</c> (<see cref="PositionalEncoding"/>), <c>h_{l+1} = relu(W_l h_l + b_l)</c>, <c>f = W_L h_L + b_L + offset</c>,
/// drawn as PyTorch draws linear layers. With the defaults and an image, 263,939 floats.
/// <see cref="StackedLayout"/> gives the official matrices <c>wb_i (fan_in+1, fan_out)</c>, whose last row is the bias.
/// Chen and Wang: Transformers as Meta-Learners for Implicit Neural Representations, ECCV 2022.
/// </remarks>
public sealed class ReluMlp : ITrainableTarget, ILinearInParameters, ILastLayerFeatures, ISuggestsLearningRate
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
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputDimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputDimension, 1);
        options ??= new ReluMlpOptions();
        new ReluMlpOptionsValidator().ThrowIfInvalid(options);
        _options = new ReluMlpOptions
        {
            Width = options.Width,
            LastWidth = options.LastWidth,
            Depth = options.Depth,
            EncodingSize = options.EncodingSize,
            MaxFrequency = options.MaxFrequency,
            OutputOffset = options.OutputOffset,
        };
        InputDimension = inputDimension;
        OutputDimension = outputDimension;
        int encoded = inputDimension * (options.EncodingSize == 0 ? 1 : options.EncodingSize);
        Layout = new ParameterLayout(DenseLayers.Specs(DenseLayers.Widths(encoded, options.Width, options.Depth - 1, outputDimension, options.LastWidth)));
        LinearParameters = [$"{options.Depth - 1}.weight", $"{options.Depth - 1}.bias"];
    }

    /// <inheritdoc/>
    public int InputDimension { get; }

    /// <inheritdoc/>
    public int OutputDimension { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> LinearParameters { get; }

    /// <summary>1e-3.</summary>
    public double SuggestedLearningRate => 1e-3;

    /// <inheritdoc/>
    public TargetDescription Description
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
        LastWidth = options.ContainsKey("lastWidth") ? options.Int("lastWidth") : null,
        Depth = options.Int("depth"),
        EncodingSize = options.Int("encodingSize"),
        MaxFrequency = options.Number("maxFrequency"),
        OutputOffset = options.Number("outputOffset"),
    });

    /// <inheritdoc/>
    public ParameterSet Initialize(Generator? generator = null, Device? device = null) =>
        DenseLayers.Draw(Layout, generator, device, g =>
        {
            var tensors = new List<Tensor>();
            for (int i = 0; i < Layout.Count; i += 2)
            {
                var (weight, bias) = DenseLayers.DrawDefault(Layout[i], Layout[i + 1], g);
                tensors.Add(weight);
                tensors.Add(bias);
            }

            return tensors;
        });

    /// <inheritdoc/>
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates) => this.EvaluateByFeatures(parameters, coordinates);

    /// <inheritdoc/>
    public Tensor ApplyLastLayer(ParameterSet parameters, Tensor features)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        int last = Layout.Count - 2;
        var output = DenseLayers.Affine(features, parameters[last], parameters[last + 1]);
        return (_options.OutputOffset == 0 ? output : output + _options.OutputOffset).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public ParameterSet SolveLinear(ParameterSet parameters, Tensor coordinates, Tensor values, double ridge = 1e-6, Tensor? mask = null) =>
        this.SolveByFeatures(parameters, coordinates, values, ridge, mask);

    /// <inheritdoc/>
    public ParameterSet SolveLastLayer(ParameterSet parameters, Tensor features, Tensor values, double ridge = 1e-6, Tensor? mask = null, int derivatives = 2) =>
        LastLayerExtensions.SolveInto(parameters, features, values, _options.OutputOffset, ridge, mask, derivatives);

    /// <inheritdoc/>
    public Tensor Features(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        using var scope = NewDisposeScope();
        var h = _options.EncodingSize == 0 ? coordinates : PositionalEncoding.Encode(coordinates, _options.EncodingSize, _options.MaxFrequency);
        for (int i = 0; i + 2 < Layout.Count; i += 2)
            h = DenseLayers.Affine(h, parameters[i], parameters[i + 1]).relu();
        return h.MoveToOuterDisposeScope();
    }
}
