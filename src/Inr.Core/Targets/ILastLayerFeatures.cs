namespace Inr;

/// <summary>A target function whose output is an affine map of features: what a last, linear layer sees.</summary>
/// <remarks>Who needs the features for more than one thing (to solve the last layer and to see what it gives) computes them once.</remarks>
public interface ILastLayerFeatures : ITargetFunction
{
    /// <summary>The features h(x), so that f_θ(x) = W·h(x) + b up to a constant.</summary>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="coordinates">Shape [N,d] or [B,N,d].</param>
    /// <returns>Shape [N,m] or [B,N,m]; differentiable.</returns>
    Tensor Features(ParameterSet parameters, Tensor coordinates);

    /// <summary>f_θ(x) from the features: <see cref="ITargetFunction.Evaluate"/> is this of <see cref="Features"/>.</summary>
    /// <param name="parameters">θ, of which only the last layer counts.</param>
    /// <param name="features">h(x); shape [N,m] or [B,N,m].</param>
    /// <returns>Shape [N,c] or [B,N,c]; differentiable.</returns>
    Tensor ApplyLastLayer(ParameterSet parameters, Tensor features);

    /// <summary>Solves the last layer for values by ridge least squares, from the features, and keeps the other parameters.</summary>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="features">h(x); shape [N,m] or [B,N,m].</param>
    /// <param name="values">Shape [N,c] or [B,N,c].</param>
    /// <param name="ridge">The weight of the penalty, relative to the mean diagonal of the normal equations; at least 0.</param>
    /// <param name="mask">Shape [N] or [B,N]: the weight of each sample; 1 by default.</param>
    /// <param name="derivatives">How many derivatives of the result are exact: 1 where nothing differentiates a gradient. Each costs a pass over the features.</param>
    /// <returns>θ with the solved layer; differentiable in features and values.</returns>
    ParameterSet SolveLastLayer(ParameterSet parameters, Tensor features, Tensor values, double ridge = 1e-6, Tensor? mask = null, int derivatives = 2);
}
