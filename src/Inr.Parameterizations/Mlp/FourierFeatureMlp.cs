using System.Text.Json.Nodes;

namespace Inr.Parameterizations;

/// <summary>A ReLU perceptron on Gaussian random Fourier features.</summary>
/// <remarks>
/// <c>v = (x+1)/2</c>, <c>γ(v) = [cos(2πBv), sin(2πBv)]</c>, B_ij ~ N(0, σ²), then dense ReLU layers drawn as PyTorch
/// draws them. B is drawn once and not trained; it is part of θ, is stored and is counted, because nothing else would
/// reproduce it. Deviation from the paper: the output is linear plus an offset unless
/// <see cref="FourierFeatureMlpOptions.SigmoidOutput"/> is set.
/// Tancik et al.: Fourier Features Let Networks Learn High Frequency Functions in Low Dimensional Domains, NeurIPS 2020.
/// </remarks>
public sealed class FourierFeatureMlp : ITrainableTarget, ILinearInParameters, ILastLayerFeatures, ISuggestsLearningRate
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "fourier-mlp";

    private const string FrequencyName = "frequencies";

    private readonly FourierFeatureMlpOptions _options;

    /// <summary>Creates the function.</summary>
    /// <param name="inputDimension">Coordinates d.</param>
    /// <param name="outputDimension">Values c.</param>
    /// <param name="options">The shape; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public FourierFeatureMlp(int inputDimension, int outputDimension, FourierFeatureMlpOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputDimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputDimension, 1);
        options ??= new FourierFeatureMlpOptions();
        new FourierFeatureMlpOptionsValidator().ThrowIfInvalid(options);
        _options = new FourierFeatureMlpOptions
        {
            Width = options.Width,
            Depth = options.Depth,
            Frequencies = options.Frequencies,
            Sigma = options.Sigma,
            SigmoidOutput = options.SigmoidOutput,
            OutputOffset = options.OutputOffset,
        };
        InputDimension = inputDimension;
        OutputDimension = outputDimension;
        Layout = new ParameterLayout(
        [
            new ParameterSpec(FrequencyName, [options.Frequencies, inputDimension], ParameterRole.Frequency, isTrainable: false),
            .. DenseLayers.Specs(DenseLayers.Widths(2 * options.Frequencies, options.Width, options.Depth - 1, outputDimension)),
        ]);
        LinearParameters = options.SigmoidOutput ? [] : [$"{options.Depth - 1}.weight", $"{options.Depth - 1}.bias"];
    }

    /// <inheritdoc/>
    public int InputDimension { get; }

    /// <inheritdoc/>
    public int OutputDimension { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <summary>The last layer; empty with a sigmoid output, which makes the function nonlinear in all of them.</summary>
    public IReadOnlyList<string> LinearParameters { get; }

    /// <summary>1e-3.</summary>
    public double SuggestedLearningRate => 1e-3;

    /// <inheritdoc/>
    public TargetDescription Description => new(Kind, new JsonObject
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

    /// <inheritdoc/>
    public ParameterSet Initialize(Generator? generator = null, Device? device = null) =>
        DenseLayers.Draw(Layout, generator, device, g =>
        {
            var tensors = new List<Tensor> { randn([.. Layout[0].Shape], dtype: float32, generator: g) * _options.Sigma };
            for (int i = 1; i < Layout.Count; i += 2)
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
        if (_options.SigmoidOutput)
            output = output.sigmoid();
        else if (_options.OutputOffset != 0)
            output = output + _options.OutputOffset;
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The output goes through a sigmoid.</exception>
    public ParameterSet SolveLinear(ParameterSet parameters, Tensor coordinates, Tensor values, double ridge = 1e-6, Tensor? mask = null) =>
        this.SolveByFeatures(parameters, coordinates, values, ridge, mask);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The output goes through a sigmoid.</exception>
    public ParameterSet SolveLastLayer(ParameterSet parameters, Tensor features, Tensor values, double ridge = 1e-6, Tensor? mask = null, int derivatives = 2)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(values);
        if (_options.SigmoidOutput)
            throw new InvalidOperationException("With a sigmoid output the function is not linear in its last layer; set SigmoidOutput to false.");
        using var scope = NewDisposeScope();
        var (weight, bias) = LastLayer.Solve(features, values, _options.OutputOffset, ridge, mask, derivatives);
        return parameters.WithLast(weight, bias).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Features(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        using var scope = NewDisposeScope();
        var b = parameters[FrequencyName];
        // 2π·B·(x+1)/2 = π·B·(x+1).
        var v = coordinates + 1;
        var phase = (b.dim() == 2
            ? nn.functional.linear(v, b)
            : bmm(v.dim() == 2 ? v.unsqueeze(0).expand(b.shape[0], v.shape[0], v.shape[1]) : v, b.transpose(1, 2))) * Math.PI;
        var h = cat([phase.cos(), phase.sin()], -1);
        for (int i = 1; i + 2 < Layout.Count; i += 2)
            h = DenseLayers.Affine(h, parameters[i], parameters[i + 1]).relu();
        return h.MoveToOuterDisposeScope();
    }
}
