using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Tests;

/// <summary>f(x) = W x + b, with two whole numbers that describe nothing: the smallest target function that uses every feature of a file.</summary>
internal sealed class AffineTarget : ITrainableTarget
{
    internal const string Kind = "test-affine";

    internal AffineTarget(int inputs, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputs, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outputs, 64);
        InputDimension = inputs;
        OutputDimension = outputs;
        Layout = new ParameterLayout([
            new("weight", [outputs, inputs], ParameterRole.Weight),
            new("bias", [outputs], ParameterRole.Bias),
            new("code", [2], ParameterRole.Structure, isTrainable: false)]);
        Description = new TargetDescription(Kind, new JsonObject { ["inputs"] = inputs, ["outputs"] = outputs });
    }

    public int InputDimension { get; }

    public int OutputDimension { get; }

    public ParameterLayout Layout { get; }

    public TargetDescription Description { get; }

    internal static void Register() =>
        TargetRegistry.Register(Kind, options => new AffineTarget(options["inputs"]!.GetValue<int>(), options["outputs"]!.GetValue<int>()));

    public ParameterSet Initialize(Generator? generator = null, Device? device = null)
    {
        using var random = new Generator(0);
        return new ParameterSet(Layout, [
            randn(OutputDimension, InputDimension, generator: generator ?? random),
            randn(OutputDimension, generator: generator ?? random),
            tensor(new float[] { 16_777_215f, -3f })]);
    }

    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        return nn.functional.linear(coordinates, parameters["weight"], parameters["bias"]);
    }
}
