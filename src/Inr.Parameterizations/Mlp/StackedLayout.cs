namespace Inr.Parameterizations;

/// <summary>Converts dense layers between <c>(weight [out,in], bias [out])</c> and the one matrix <c>[in+1, out]</c> of hypernetworks, whose last row is the bias.</summary>
public static class StackedLayout
{
    /// <summary>The stacked matrices of a set of dense layers, in order.</summary>
    /// <param name="parameters">θ whose weights (rank 2) are each followed by their bias; other tensors are skipped.</param>
    /// <returns>One matrix per layer: shape [in+1,out], or [B,in+1,out] with a batch; gradients flow through it.</returns>
    public static Tensor[] ToStacked(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var result = new List<Tensor>();
        for (int i = 0; i + 1 < parameters.Layout.Count; i++)
        {
            if (parameters.Layout[i].Role == ParameterRole.Weight && parameters.Layout[i + 1].Role == ParameterRole.Bias)
                result.Add(cat([parameters[i].transpose(-1, -2), parameters[i + 1].unsqueeze(-2)], -2));
        }

        return [.. result];
    }

    /// <summary>The inverse of <see cref="ToStacked"/>.</summary>
    /// <param name="layout">The layout of the result; every tensor of it belongs to a dense layer.</param>
    /// <param name="stacked">One matrix per layer: shape [in+1,out] or [B,in+1,out].</param>
    /// <returns>θ; gradients flow through it.</returns>
    /// <exception cref="ArgumentException">The layout holds something else, or a shape does not fit.</exception>
    public static ParameterSet FromStacked(ParameterLayout layout, IReadOnlyList<Tensor> stacked)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(stacked);
        if (layout.Count != 2 * stacked.Count || layout.Where((s, i) => s.Role != (i % 2 == 0 ? ParameterRole.Weight : ParameterRole.Bias)).Any())
            throw new ArgumentException($"{stacked.Count} stacked matrices do not make the layout ({layout}).", nameof(stacked));
        var tensors = new Tensor[layout.Count];
        for (int i = 0; i < stacked.Count; i++)
        {
            var matrix = stacked[i];
            long inputs = layout[2 * i].Shape[1];
            if (matrix.dim() < 2 || matrix.shape[^2] != inputs + 1)
                throw new ArgumentException($"Matrix {i} must have the shape [{inputs + 1},{layout[2 * i].Shape[0]}], with or without a batch axis; it is {Shapes.Text(matrix)}.", nameof(stacked));
            tensors[2 * i] = matrix.narrow(-2, 0, inputs).transpose(-1, -2);
            tensors[2 * i + 1] = matrix.select(-2, inputs);
        }

        return new ParameterSet(layout, tensors);
    }
}
