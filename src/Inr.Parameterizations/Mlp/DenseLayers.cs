namespace Inr.Parameterizations;

/// <summary>The dense layers that every multilayer perceptron here shares: their layout, their drawing, their affine map.</summary>
/// <remarks>
/// Layer i has <c>i.weight [fan_out, fan_in]</c> and <c>i.bias [fan_out]</c>. <see cref="StackedLayout"/> converts to the
/// matrices <c>(fan_in+1, fan_out)</c> of hypernetworks.
/// </remarks>
public static class DenseLayers
{
    /// <summary>The layout of layers of the given widths.</summary>
    /// <param name="widths">Input width, hidden widths, output width.</param>
    public static IEnumerable<ParameterSpec> Specs(IReadOnlyList<int> widths)
    {
        for (int i = 0; i + 1 < widths.Count; i++)
        {
            yield return new ParameterSpec($"{i}.weight", [widths[i + 1], widths[i]], ParameterRole.Weight);
            yield return new ParameterSpec($"{i}.bias", [widths[i + 1]], ParameterRole.Bias);
        }
    }

    /// <summary>Input width, <paramref name="hiddenLayers"/> times the hidden width (or another one for the last), output width.</summary>
    public static int[] Widths(int input, int hidden, int hiddenLayers, int output, int? last = null)
    {
        int[] widths = [input, .. Enumerable.Repeat(hidden, hiddenLayers), output];
        if (last is { } features && hiddenLayers > 0)
            widths[^2] = features;
        return widths;
    }

    /// <summary>Draws from U(−bound, bound).</summary>
    public static Tensor Uniform(IReadOnlyList<long> shape, double bound, Generator generator) =>
        (rand([.. shape], dtype: float32, generator: generator) * 2 - 1) * bound;

    /// <summary>PyTorch's default of a linear layer: weight and bias from U(−1/√fan_in, 1/√fan_in).</summary>
    public static (Tensor Weight, Tensor Bias) DrawDefault(ParameterSpec weight, ParameterSpec bias, Generator generator)
    {
        double bound = 1 / Math.Sqrt(weight.Shape[1]);
        return (Uniform(weight.Shape, bound, generator), Uniform(bias.Shape, bound, generator));
    }

    /// <summary>h·Wᵀ + b for one function or B at once.</summary>
    /// <param name="h">Shape [N,in] or [B,N,in].</param>
    /// <param name="weight">Shape [out,in] or [B,out,in].</param>
    /// <param name="bias">Shape [out] or [B,out].</param>
    /// <returns>Shape [N,out] or [B,N,out].</returns>
    public static Tensor Affine(Tensor h, Tensor weight, Tensor bias)
    {
        if (weight.dim() == 2)
            return nn.functional.linear(h, weight, bias);
        var input = h.dim() == 2 ? h.unsqueeze(0).expand(weight.shape[0], h.shape[0], h.shape[1]) : h;
        // TorchSharp takes the added term last.
        return baddbmm(input, weight.transpose(1, 2), bias.unsqueeze(1));
    }

    /// <summary>The generator of a call: the caller's, or a new one of seed 0 that the call disposes of.</summary>
    public static ParameterSet Draw(ParameterLayout layout, Generator? generator, Device? device, Func<Generator, IReadOnlyList<Tensor>> draw)
    {
        using var scope = NewDisposeScope();
        using var own = generator is null ? new Generator(0) : null;
        var tensors = draw(generator ?? own!);
        return new ParameterSet(layout, [.. tensors.Select(t => device is null ? t : t.to(device))]).MoveToOuterDisposeScope();
    }
}
