using System.Text.Json.Nodes;

namespace Inr.Parameterizations;

/// <summary>A radiance field without view directions: a ReLU perceptron from a point in space to raw colour and density.</summary>
/// <remarks>
/// <c>h₀ = [cos(wx), sin(wx)]</c> with <c>w = 2^linspace(0, 8, n)</c> for each coordinate, hidden layers
/// <c>h ← relu(Wh + b)</c>, output [r, g, b, σ] linear: the renderer applies a sigmoid to the colour and a ReLU to the
/// density. The layers are named as the blocks of the official Trans-INR code: <c>0, 1, …, rgb_density_fc</c>.
/// With the defaults, 295,172 floats. Points are in the units of the scene, not bound to [-1,1].
/// Mildenhall et al.: NeRF, ECCV 2020; Chen and Wang: Transformers as Meta-Learners for INRs, ECCV 2022.
/// </remarks>
public sealed class NerfMlp : ITargetFunction, ISuggestsLearningRate
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "nerf-mlp";

    private const double MaxExponent = 8;
    private const string Head = "rgb_density_fc";

    private readonly NerfMlpOptions _options;

    /// <summary>Creates the function.</summary>
    /// <param name="options">The shape; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public NerfMlp(NerfMlpOptions? options = null)
    {
        options ??= new NerfMlpOptions();
        new NerfMlpOptionsValidator().ThrowIfInvalid(options);
        _options = new NerfMlpOptions { Width = options.Width, Depth = options.Depth, EncodingSize = options.EncodingSize };
        var specs = DenseLayers.Specs(DenseLayers.Widths(3 * options.EncodingSize, options.Width, options.Depth - 1, 4)).ToArray();
        string last = $"{options.Depth - 1}.";
        Layout = new ParameterLayout(specs.Select(s => s.Name.StartsWith(last, StringComparison.Ordinal)
            ? new ParameterSpec($"{Head}.{s.Name[last.Length..]}", s.Shape, s.Role)
            : s));
    }

    /// <summary>3: a point (x, y, z).</summary>
    public int InputDimension => 3;

    /// <summary>4: raw r, g, b and density.</summary>
    public int OutputDimension => 4;

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <summary>5e-4.</summary>
    public double SuggestedLearningRate => 5e-4;

    /// <inheritdoc/>
    public TargetDescription Description => new(Kind, new JsonObject
    {
        ["width"] = _options.Width,
        ["depth"] = _options.Depth,
        ["encodingSize"] = _options.EncodingSize,
    });

    /// <summary>Rebuilds the function from <see cref="Description"/>.</summary>
    public static NerfMlp FromOptions(JsonObject options) => new(new NerfMlpOptions
    {
        Width = options.Int("width"),
        Depth = options.Int("depth"),
        EncodingSize = options.Int("encodingSize"),
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
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        using var scope = NewDisposeScope();
        var h = Encode(coordinates);
        for (int i = 0; i + 2 < Layout.Count; i += 2)
            h = DenseLayers.Affine(h, parameters[i], parameters[i + 1]).relu();
        return DenseLayers.Affine(h, parameters[Layout.Count - 2], parameters[Layout.Count - 1]).MoveToOuterDisposeScope();
    }

    private Tensor Encode(Tensor coordinates)
    {
        var frequencies = pow(2.0, linspace(0, MaxExponent, _options.EncodingSize / 2, dtype: float32)).to(coordinates.dtype, coordinates.device);
        var phase = (coordinates.unsqueeze(-1) * frequencies).flatten(-2);
        return cat([phase.cos(), phase.sin()], -1);
    }
}
