using System.Text.Json.Nodes;
using Inr.Files;
using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>A radiance field: a ReLU perceptron from a point in space, and if wanted the direction of the ray, to raw color and density.</summary>
/// <remarks>
/// <para>
/// <c>h₀ = [cos(wx), sin(wx)]</c> with <c>w = 2^linspace(0, 8, n)</c> for each coordinate, hidden layers
/// <c>h ← relu(Wh + b)</c>, output [r, g, b, σ] linear: the renderer applies a sigmoid to the color and a ReLU to the
/// density. The layers are named as the blocks of the official Trans-INR code: <c>0, 1, …, rgb_density_fc</c>.
/// With the defaults, 295,172 floats. Points are in the units of <see cref="Space"/>, not bound to [-1,1].
/// </para>
/// <para>
/// With <see cref="NerfMlpOptions.ViewDirections"/> the last layer becomes four: <c>σ = density_fc(h)</c>,
/// <c>v = relu(viewdirs_fc(γ(d/|d|)))</c> of half the width, <c>c = relu(rgb_fc1([h, v]))</c>, <c>[r, g, b] = rgb_fc2(c)</c>.
/// γ is d/|d| itself, or cos(2^k d/|d|) and sin(2^k d/|d|); the density sees the point alone.
/// </para>
/// <para>
/// With <see cref="NerfMlpOptions.MaskResolution"/> a last tensor <c>space_mask</c> says where the density is 0: what silhouettes and
/// a fit found empty, so that a file renders as the fit was judged.
/// </para>
/// <para>Mildenhall et al.: NeRF, ECCV 2020; Chen and Wang: Transformers as Meta-Learners for INRs, ECCV 2022.</para>
/// </remarks>
public sealed class NerfMlp : ITrainableTarget, ISuggestsLearningRate
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "nerf-mlp";

    /// <summary>The name of the mask of space among θ.</summary>
    internal const string MaskName = "space_mask";

    private const double MaxExponent = 8;
    private const double SmallestLength = 1e-12;

    private readonly NerfMlpOptions _options;
    // Weight and bias of each hidden layer; the heads follow.
    private readonly int _hiddenTensors;

    /// <summary>Creates the function.</summary>
    /// <param name="options">The shape; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public NerfMlp(NerfMlpOptions? options = null)
    {
        options ??= new NerfMlpOptions();
        new NerfMlpOptionsValidator().ThrowIfInvalid(options);
        _options = options;
        int[] widths = [3 * options.EncodingSize, .. Enumerable.Repeat(options.Width, options.Depth - 1)];
        _hiddenTensors = 2 * (options.Depth - 1);
        Layout = new ParameterLayout(DenseLayers.Specs(widths).Concat(Heads(widths[^1])).Concat(Mask()));
    }

    /// <summary>3: a point (x, y, z); with view directions 6: the point and the direction of the ray, of any length.</summary>
    public int InputDimension => _options.ViewDirections ? 6 : 3;

    /// <summary>4: raw r, g, b and density.</summary>
    public int OutputDimension => 4;

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <summary>The place of the scene in the world; points that the field is asked for are in its units.</summary>
    public SceneSpace Space => _options.Space;

    /// <summary>5e-4.</summary>
    public double SuggestedLearningRate => 5e-4;

    /// <inheritdoc/>
    public TargetDescription Description
    {
        get
        {
            var json = new JsonObject { ["width"] = _options.Width, ["depth"] = _options.Depth, ["encodingSize"] = _options.EncodingSize };
            // Only where it counts: files of fields without directions stay as they were.
            if (_options.ViewDirections)
                json["directionEncodingSize"] = _options.DirectionEncodingSize;
            if (_options.MaskResolution > 0)
                json["maskResolution"] = _options.MaskResolution;
            if (Space != SceneSpace.Standard)
                json["space"] = Space.ToJson();
            return new TargetDescription(Kind, json);
        }
    }

    /// <summary>Rebuilds the function from <see cref="Description"/>.</summary>
    public static NerfMlp FromOptions(JsonObject options)
    {
        ArgumentNullException.ThrowIfNull(options);
        bool directions = options.ContainsKey("directionEncodingSize");
        return new NerfMlp(new NerfMlpOptions
        {
            Width = options.Int("width"),
            Depth = options.Int("depth"),
            EncodingSize = options.Int("encodingSize"),
            ViewDirections = directions,
            DirectionEncodingSize = directions ? options.Int("directionEncodingSize") : 0,
            MaskResolution = options.ContainsKey("maskResolution") ? options.Int("maskResolution") : 0,
            Space = options["space"] switch
            {
                null => SceneSpace.Standard,
                JsonObject space => SceneSpace.FromJson(space),
                _ => throw new FormatException("'space' is not an object."),
            },
        });
    }

    /// <summary>The same function for a scene that lies elsewhere; θ of one fits the other.</summary>
    public NerfMlp In(SceneSpace space) => new(_options with { Space = space });

    /// <summary>The same function with a mask of space among θ.</summary>
    internal NerfMlp Masked(int resolution) => new(_options with { MaskResolution = resolution });

    /// <inheritdoc/>
    public ParameterSet Initialize(Generator? generator = null, Device? device = null) =>
        InitialParameters.Draw(Layout, generator, device, g => Enumerable.Range(0, Layout.Count / 2).SelectMany(i =>
        {
            var shape = Layout[2 * i].Shape;
            var (weight, bias) = DenseInitialization.FanIn.Draw(new DenseLayer(i, (int)shape[1], (int)shape[0], Activation.Relu), omega: 1, g);
            return new[] { weight, bias };
        }).Concat(_options.MaskResolution > 0 ? [SpaceMask.Full(_options.MaskResolution, CPU)] : Array.Empty<Tensor>()));

    /// <inheritdoc/>
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        using var scope = NewDisposeScope();
        var h = Encode(coordinates.narrow(-1, 0, 3), MaxExponent, _options.EncodingSize / 2);
        for (int i = 0; i < _hiddenTensors; i += 2)
            h = DenseLayers.Affine(h, parameters[i], parameters[i + 1]).relu();
        var raw = _options.ViewDirections
            ? SeenFrom(coordinates.narrow(-1, 3, 3), h, parameters)
            : Head(parameters, 0, h);
        if (_options.MaskResolution > 0)
        {
            var may = SpaceMask.Lookup(parameters[Layout.Count - 1], coordinates.narrow(-1, 0, 3), _options.MaskResolution, Space.HalfWidth * Space.Scale);
            raw = cat([raw.narrow(-1, 0, 3), raw.narrow(-1, 3, 1) * may.unsqueeze(-1)], -1);
        }

        return raw.MoveToOuterDisposeScope();
    }

    private ParameterSpec[] Mask() =>
        _options.MaskResolution == 0 ? [] : [new ParameterSpec(MaskName, [SpaceMask.Numbers(_options.MaskResolution)], ParameterRole.Structure, isTrainable: false)];

    private IEnumerable<ParameterSpec> Heads(int features)
    {
        int seen = Math.Max(1, _options.Width / 2);
        int direction = _options.DirectionEncodingSize == 0 ? 3 : 3 * _options.DirectionEncodingSize;
        (string Name, int In, int Out)[] heads = _options.ViewDirections
            ? [("density_fc", features, 1), ("viewdirs_fc", direction, seen), ("rgb_fc1", features + seen, _options.Width), ("rgb_fc2", _options.Width, 3)]
            : [("rgb_density_fc", features, 4)];
        foreach (var (name, fanIn, fanOut) in heads)
        {
            yield return new ParameterSpec($"{name}.weight", [fanOut, fanIn], ParameterRole.Weight);
            yield return new ParameterSpec($"{name}.bias", [fanOut], ParameterRole.Bias);
        }
    }

    private Tensor SeenFrom(Tensor directions, Tensor h, ParameterSet parameters)
    {
        var unit = directions / directions.norm(-1, true, 2).clamp_min(SmallestLength);
        int octaves = _options.DirectionEncodingSize / 2;
        var density = Head(parameters, 0, h);
        var seen = Head(parameters, 1, octaves == 0 ? unit : Encode(unit, octaves - 1, octaves)).relu();
        var color = Head(parameters, 3, Head(parameters, 2, cat([h, seen], -1)).relu());
        return cat([color, density], -1);
    }

    private Tensor Head(ParameterSet parameters, int index, Tensor h) =>
        DenseLayers.Affine(h, parameters[_hiddenTensors + 2 * index], parameters[_hiddenTensors + 2 * index + 1]);

    // Frequencies 2^linspace(0, maxExponent, count) of each coordinate: all cosines, then all sines.
    private static Tensor Encode(Tensor coordinates, double maxExponent, int count)
    {
        var exponents = linspace(0, maxExponent, count, dtype: float32, device: CPU);
        var frequencies = full_like(exponents, 2).pow(exponents).to(coordinates.dtype, coordinates.device);
        var phase = (coordinates.unsqueeze(-1) * frequencies).flatten(-2);
        return cat([phase.cos(), phase.sin()], -1);
    }
}
