using System.Text.Json.Nodes;

namespace Inr.Tests;

/// <summary>The smallest target function: f(x) = x·A, with A of shape [d,c].</summary>
internal sealed class PlaneTarget(int inputDimension, int outputDimension) : ITrainableTarget
{
    public int InputDimension => inputDimension;

    public int OutputDimension => outputDimension;

    public ParameterLayout Layout { get; } = new([new ParameterSpec("slope", [inputDimension, outputDimension], ParameterRole.Weight)]);

    public TargetDescription Description => new("plane", new JsonObject());

    public ParameterSet Initialize(torch.Generator? generator = null, torch.Device? device = null) =>
        new(Layout, [torch.ones(inputDimension, outputDimension, device: device)]);

    public torch.Tensor Evaluate(ParameterSet parameters, torch.Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        return coordinates.mm(parameters["slope"]);
    }
}
