using System.Text.Json.Nodes;

namespace Inr.Parameterizations.Tests.Mlp;

/// <summary>
/// A target of somebody else with features and a last layer: h = sin(kπx + p), f = W·h + b + 0.25. It says what an
/// <see cref="ILastLayerFeatures"/> must say and nothing more; its layout begins with the last layer, bias first.
/// </summary>
internal sealed class HarmonicTarget : ITrainableTarget, ILastLayerFeatures
{
    private const string Kind = "harmonic";

    private readonly int _terms;

    public HarmonicTarget(int outputDimension, int terms)
    {
        OutputDimension = outputDimension;
        _terms = terms;
        Layout = new ParameterLayout(
        [
            new ParameterSpec("level", [outputDimension], ParameterRole.Bias),
            new ParameterSpec("amplitude", [outputDimension, terms], ParameterRole.Coefficient),
            new ParameterSpec("phase", [terms], ParameterRole.Indicator),
        ]);
    }

    public int InputDimension => 1;

    public int OutputDimension { get; }

    public ParameterLayout Layout { get; }

    public LastLayer LastLayer { get; } = new("amplitude", "level", offset: 0.25);

    public TargetDescription Description => new(Kind, new JsonObject { ["outputs"] = OutputDimension, ["terms"] = _terms });

    public static void Register() => TargetRegistry.Register(Kind, o => new HarmonicTarget(o["outputs"]!.GetValue<int>(), o["terms"]!.GetValue<int>()));

    public ParameterSet Initialize(Generator? generator = null, Device? device = null) =>
        InitialParameters.Draw(Layout, generator, device, g => Layout.Select(s => randn([.. s.Shape], dtype: float32, device: CPU, generator: g)));

    public Tensor Features(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        using var scope = NewDisposeScope();
        var order = arange(1, _terms + 1, dtype: coordinates.dtype, device: coordinates.device) * Math.PI;
        return (coordinates * order + parameters["phase"].unsqueeze(-2)).sin().MoveToOuterDisposeScope();
    }
}
