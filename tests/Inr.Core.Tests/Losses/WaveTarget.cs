using System.Text.Json.Nodes;

namespace Inr.Tests.Losses;

/// <summary>f(x) = sin(x·A)·W with A of shape [d,m] and W of shape [m,c], for one function or B: small, not linear, and linear in W.</summary>
internal sealed class WaveTarget(int inputDimension, int width, int outputDimension) : ITrainableTarget
{
    public int InputDimension => inputDimension;

    public int OutputDimension => outputDimension;

    public ParameterLayout Layout { get; } = new(
    [
        new ParameterSpec("inner", [inputDimension, width], ParameterRole.Weight),
        new ParameterSpec("outer", [width, outputDimension], ParameterRole.Weight),
    ]);

    public TargetDescription Description => new("wave", new JsonObject());

    public ParameterSet Initialize(Generator? generator = null, Device? device = null)
    {
        using var scope = NewDisposeScope();
        using var own = generator is null ? new Generator(0) : null;
        var g = generator ?? own!;
        return new ParameterSet(Layout, [randn([inputDimension, width], generator: g).to(device ?? CPU), randn([width, outputDimension], generator: g).to(device ?? CPU)]).MoveToOuterDisposeScope();
    }

    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        using var scope = NewDisposeScope();
        return Product(Product(coordinates, parameters[0]).sin(), parameters[1]).MoveToOuterDisposeScope();
    }

    private static Tensor Product(Tensor x, Tensor weight)
    {
        if (weight.dim() == 2)
            return nn.functional.linear(x, weight.transpose(0, 1));
        return bmm(x.dim() == 3 ? x : x.unsqueeze(0).expand(weight.shape[0], x.shape[0], x.shape[1]), weight);
    }
}
