namespace Inr;

/// <summary>What follows from the features and the last layer of an <see cref="ILastLayerFeatures"/>: values, and the layer that fits given values best.</summary>
public static class LastLayerExtensions
{
    /// <summary>f_θ(x) from the features: <see cref="ITargetFunction.Evaluate"/> is this of <see cref="ILastLayerFeatures.Features"/>.</summary>
    /// <param name="target">The target function.</param>
    /// <param name="parameters">θ, of which only the last layer counts.</param>
    /// <param name="features">h(x); shape [N,m] or [B,N,m].</param>
    /// <returns>Shape [N,c] or [B,N,c]; differentiable.</returns>
    public static Tensor ApplyLastLayer(this ILastLayerFeatures target, ParameterSet parameters, Tensor features)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.LastLayer.Apply(parameters, features);
    }

    /// <summary>Solves the last layer for values by ridge least squares, from the features, and keeps the other parameters.</summary>
    /// <param name="target">The target function.</param>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="features">h(x); shape [N,m] or [B,N,m].</param>
    /// <param name="values">Shape [N,c] or [B,N,c].</param>
    /// <param name="ridge">The weight of the penalty, relative to the mean diagonal of the normal equations; at least 0.</param>
    /// <param name="mask">Shape [N] or [B,N]: the weight of each sample; 1 by default.</param>
    /// <param name="derivatives">How many derivatives of the result are exact: 1 where nothing differentiates a gradient. Each costs a pass over the features.</param>
    /// <returns>θ with the solved layer; differentiable in features and values.</returns>
    /// <exception cref="InvalidOperationException">A sigmoid follows the layer.</exception>
    public static ParameterSet SolveLastLayer(this ILastLayerFeatures target, ParameterSet parameters, Tensor features, Tensor values, double ridge = 1e-6, Tensor? mask = null, int derivatives = 2)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(parameters);
        var last = target.LastLayer;
        if (!last.IsLinear)
            throw new InvalidOperationException($"With a sigmoid output '{target.Description.Kind}' is not linear in its last layer, which no least squares finds; use a linear output.");
        using var scope = NewDisposeScope();
        var (weight, bias) = LastLayerSolver.Solve(features, values, last.Offset, ridge, mask, derivatives);
        return parameters.With(last, weight, bias).MoveToOuterDisposeScope();
    }

    /// <summary>f_θ(x) by way of the features: what a target that has them answers to <see cref="ITargetFunction.Evaluate"/>.</summary>
    /// <param name="target">The target function.</param>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="coordinates">Shape [N,d] or [B,N,d].</param>
    /// <returns>Shape [N,c] or [B,N,c]; differentiable.</returns>
    public static Tensor EvaluateByFeatures(this ILastLayerFeatures target, ParameterSet parameters, Tensor coordinates)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var scope = NewDisposeScope();
        return target.LastLayer.Apply(parameters, target.Features(parameters, coordinates)).MoveToOuterDisposeScope();
    }

    /// <summary>θ with its last layer solved by way of the features: what a target that has them answers to <see cref="ILinearInParameters.SolveLinear"/>.</summary>
    /// <param name="target">The target function.</param>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="coordinates">Shape [N,d] or [B,N,d].</param>
    /// <param name="values">Shape [N,c] or [B,N,c].</param>
    /// <param name="ridge">The weight of the penalty, relative to the mean diagonal of the normal equations; at least 0.</param>
    /// <param name="mask">Shape [N] or [B,N]: the weight of each sample; 1 by default.</param>
    /// <returns>θ with the solved layer; differentiable in the other parameters and in the values.</returns>
    /// <exception cref="InvalidOperationException">A sigmoid follows the layer.</exception>
    public static ParameterSet SolveByFeatures(this ILastLayerFeatures target, ParameterSet parameters, Tensor coordinates, Tensor values, double ridge = 1e-6, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var scope = NewDisposeScope();
        return target.SolveLastLayer(parameters, target.Features(parameters, coordinates), values, ridge, mask).MoveToOuterDisposeScope();
    }

    // θ with another last layer. Where only one of the two has a batch axis, the other extends to it.
    private static ParameterSet With(this ParameterSet parameters, LastLayer last, Tensor weight, Tensor bias)
    {
        int w = parameters.Layout.IndexOf(last.Weight);
        int b = parameters.Layout.IndexOf(last.Bias);
        long? batch = weight.dim() == 3 ? weight.shape[0] : null;
        Tensor Kept(Tensor t) => batch is { } n && parameters.BatchSize is null ? Extended(t, n) : t.alias();
        Tensor Solved(Tensor t) => batch is null && parameters.BatchSize is { } n ? Extended(t, n) : t;
        return new ParameterSet(parameters.Layout, [.. parameters.Tensors.Select((t, i) => i == w ? Solved(weight) : i == b ? Solved(bias) : Kept(t))]);
    }

    private static Tensor Extended(Tensor tensor, long batch) => tensor.unsqueeze(0).expand([batch, .. tensor.shape]);
}
