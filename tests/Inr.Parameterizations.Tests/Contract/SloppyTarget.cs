using System.Text.Json.Nodes;

namespace Inr.Parameterizations.Tests.Contract;

/// <summary>f(x) = w·x + t(x), where t is what a test wants to be found: a tensor on a device that nobody chose, a number read back.</summary>
internal sealed class SloppyTarget(Func<Tensor, Tensor> term) : ITrainableTarget
{
    public int InputDimension => 1;

    public int OutputDimension => 1;

    public ParameterLayout Layout { get; } = new([new ParameterSpec("w", [1], ParameterRole.Coefficient)]);

    public TargetDescription Description => new("sloppy", new JsonObject());

    public ParameterSet Initialize(Generator? generator = null, Device? device = null) =>
        InitialParameters.Draw(Layout, generator, device, g => [randn(1, dtype: float32, device: CPU, generator: g)]);

    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
    {
        using var scope = NewDisposeScope();
        // [1] or [B,1] against [N,1].
        return (coordinates * parameters[0].unsqueeze(-1) + term(coordinates)).MoveToOuterDisposeScope();
    }
}
