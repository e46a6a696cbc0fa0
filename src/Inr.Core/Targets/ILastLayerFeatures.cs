namespace Inr;

/// <summary>A target function whose output is an affine map of features: what a last, linear layer sees.</summary>
public interface ILastLayerFeatures : ITargetFunction
{
    /// <summary>The features h(x), so that f_θ(x) = W·h(x) + b up to a constant.</summary>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="coordinates">Shape [N,d] or [B,N,d].</param>
    /// <returns>Shape [N,m] or [B,N,m]; differentiable.</returns>
    Tensor Features(ParameterSet parameters, Tensor coordinates);
}
