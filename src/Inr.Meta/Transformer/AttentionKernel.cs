namespace Inr.Meta;

/// <summary>How a <see cref="TransformerEncoder"/> computes softmax(QKᵀ/√d)·V.</summary>
public enum AttentionKernel
{
    /// <summary>One fused kernel, which never stores the matrix of weights. It has no second derivative on the CPU.</summary>
    Fused,

    /// <summary>Two products and a softmax: slower, and differentiable any number of times.</summary>
    Explicit,
}
