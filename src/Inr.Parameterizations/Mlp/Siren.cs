using System.Text.Json.Nodes;

namespace Inr.Parameterizations;

/// <summary>SIREN: a multilayer perceptron with sine activations.</summary>
/// <remarks>
/// <c>h₁ = sin(ω_first·(W₀x + b₀))</c>, <c>h_{l+1} = sin(ω_hidden·(W_l h_l + b_l))</c>, <c>f = W_L h_L + b_L + offset</c>.
/// Drawn as in the official code: <c>W₀ ~ U(±1/d)</c>, other <c>W ~ U(±√(6/fan_in)/ω)</c>, biases PyTorch's default
/// <c>U(±1/√fan_in)</c>. A SIREN 2-256×3-3 has 198,915 floats.
/// Sitzmann, Martel, Bergman, Lindell, Wetzstein: Implicit Neural Representations with Periodic Activation Functions,
/// NeurIPS 2020.
/// </remarks>
public sealed class Siren : ITrainableTarget, ILinearInParameters, ILastLayerFeatures, ISuggestsLearningRate
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "siren";

    private readonly SirenOptions _options;
    private readonly int _layers;

    // Kept rather than made for each call: the native half of a scalar is freed only when it is finalised.
    private readonly Scalar _firstOmega;
    private readonly Scalar _hiddenOmega;
    private readonly Scalar _outputOffset;

    /// <summary>Creates the function.</summary>
    /// <param name="inputDimension">Coordinates d.</param>
    /// <param name="outputDimension">Values c.</param>
    /// <param name="options">The shape; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public Siren(int inputDimension, int outputDimension, SirenOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputDimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputDimension, 1);
        options ??= new SirenOptions();
        new SirenOptionsValidator().ThrowIfInvalid(options);
        _options = new SirenOptions
        {
            Width = options.Width,
            HiddenLayers = options.HiddenLayers,
            FirstOmega = options.FirstOmega,
            HiddenOmega = options.HiddenOmega,
            OutputOffset = options.OutputOffset,
        };
        _firstOmega = options.FirstOmega;
        _hiddenOmega = options.HiddenOmega;
        _outputOffset = options.OutputOffset;
        InputDimension = inputDimension;
        OutputDimension = outputDimension;
        _layers = options.HiddenLayers + 2;
        Layout = new ParameterLayout(DenseLayers.Specs(DenseLayers.Widths(inputDimension, options.Width, options.HiddenLayers + 1, outputDimension)));
        LinearParameters = [$"{_layers - 1}.weight", $"{_layers - 1}.bias"];
    }

    /// <inheritdoc/>
    public int InputDimension { get; }

    /// <inheritdoc/>
    public int OutputDimension { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> LinearParameters { get; }

    /// <summary>5e-4: five times the official rate, which a cosine schedule then lowers.</summary>
    public double SuggestedLearningRate => 5e-4;

    /// <summary>ω₀ of the first layer.</summary>
    public double FirstOmega => _options.FirstOmega;

    /// <summary>ω₀ of the other sine layers.</summary>
    public double HiddenOmega => _options.HiddenOmega;

    /// <inheritdoc/>
    public TargetDescription Description => new(Kind, new JsonObject
    {
        ["inputs"] = InputDimension,
        ["outputs"] = OutputDimension,
        ["width"] = _options.Width,
        ["hiddenLayers"] = _options.HiddenLayers,
        ["firstOmega"] = _options.FirstOmega,
        ["hiddenOmega"] = _options.HiddenOmega,
        ["outputOffset"] = _options.OutputOffset,
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

    /// <inheritdoc/>
    public ParameterSet Initialize(Generator? generator = null, Device? device = null) =>
        DenseLayers.Draw(Layout, generator, device, g =>
        {
            var tensors = new List<Tensor>();
            for (int i = 0; i < _layers; i++)
            {
                var weight = Layout[2 * i];
                double bound = i == 0 ? 1.0 / InputDimension : Math.Sqrt(6.0 / weight.Shape[1]) / _options.HiddenOmega;
                tensors.Add(DenseLayers.Uniform(weight.Shape, bound, g));
                tensors.Add(DenseLayers.Uniform(Layout[2 * i + 1].Shape, 1 / Math.Sqrt(weight.Shape[1]), g));
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
        var output = DenseLayers.Affine(features, parameters[2 * _layers - 2], parameters[2 * _layers - 1]);
        return (_options.OutputOffset == 0 ? output : output + _outputOffset).MoveToOuterDisposeScope();
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
        var h = coordinates;
        for (int i = 0; i + 1 < _layers; i++)
        {
            var omega = i == 0 ? _firstOmega : _hiddenOmega;
            // ω goes into the layer's numbers, which are far fewer than its activations.
            h = DenseLayers.Affine(h, parameters[2 * i] * omega, parameters[2 * i + 1] * omega).sin();
        }

        return h.MoveToOuterDisposeScope();
    }
}
