namespace Inr;

/// <summary>The dense layers that networks are made of: their layout and their affine map.</summary>
/// <remarks>Layer i has <c>i.weight [fan_out, fan_in]</c> and <c>i.bias [fan_out]</c>, as PyTorch stores them.</remarks>
public static class DenseLayers
{
    /// <summary>The layout of layers of the given widths.</summary>
    /// <param name="widths">Input width, hidden widths, output width.</param>
    /// <returns>Weight and bias of each layer, in order.</returns>
    public static IEnumerable<ParameterSpec> Specs(IReadOnlyList<int> widths)
    {
        ArgumentNullException.ThrowIfNull(widths);
        return Pairs(widths);
    }

    /// <summary>h·Wᵀ + b for one function or B at once.</summary>
    /// <param name="h">Shape [N,in] or [B,N,in].</param>
    /// <param name="weight">Shape [out,in] or [B,out,in].</param>
    /// <param name="bias">Shape [out] or [B,out].</param>
    /// <returns>Shape [N,out] or [B,N,out]; differentiable.</returns>
    public static Tensor Affine(Tensor h, Tensor weight, Tensor bias)
    {
        ArgumentNullException.ThrowIfNull(h);
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(bias);
        if (weight.dim() == 2)
            return nn.functional.linear(h, weight, bias);
        using var scope = NewDisposeScope();
        var input = h.dim() == 2 ? h.unsqueeze(0).expand(weight.shape[0], h.shape[0], h.shape[1]) : h;
        // TorchSharp takes the added term last.
        return baddbmm(input, weight.transpose(1, 2), bias.unsqueeze(1)).MoveToOuterDisposeScope();
    }

    private static IEnumerable<ParameterSpec> Pairs(IReadOnlyList<int> widths)
    {
        for (int i = 0; i + 1 < widths.Count; i++)
        {
            yield return new ParameterSpec($"{i}.weight", [widths[i + 1], widths[i]], ParameterRole.Weight);
            yield return new ParameterSpec($"{i}.bias", [widths[i + 1]], ParameterRole.Bias);
        }
    }
}
