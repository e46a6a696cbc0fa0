namespace Inr.Meta;

/// <summary>The weights of a linear layer, drawn as PyTorch draws them: U(−1/√in, 1/√in).</summary>
public static class LinearLayer
{
    /// <summary>Names and shapes of a layer with a bias.</summary>
    /// <param name="prefix">The name of the layer: <c>prefix.weight</c> and <c>prefix.bias</c>.</param>
    /// <param name="inputs">The fan-in.</param>
    /// <param name="outputs">The fan-out.</param>
    public static ParameterSpec[] Specs(string prefix, long inputs, long outputs) =>
    [
        new($"{prefix}.weight", [outputs, inputs], ParameterRole.Weight),
        new($"{prefix}.bias", [outputs], ParameterRole.Bias),
    ];

    /// <summary>Draws a tensor of a layer.</summary>
    /// <param name="shape">[out,in] or [out].</param>
    /// <param name="inputs">The layer's fan-in.</param>
    /// <param name="generator">The source of randomness.</param>
    public static Tensor Draw(IReadOnlyList<long> shape, long inputs, Generator generator)
    {
        using var scope = NewDisposeScope();
        return ((rand([.. shape], dtype: float32, device: CPU, generator: generator) * 2 - 1) / Math.Sqrt(inputs)).MoveToOuterDisposeScope();
    }
}
