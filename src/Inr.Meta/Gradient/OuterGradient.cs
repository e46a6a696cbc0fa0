namespace Inr.Meta;

/// <summary>The fourth axis of the family: how the outer loop differentiates the adapted parameters with respect to what is learned.</summary>
public enum OuterGradient
{
    /// <summary>Through every inner step, second derivatives included: MAML as published.</summary>
    Exact,

    /// <summary>Through the last <see cref="GradientMetaOptions.TruncateTo"/> inner steps; the inner gradients of earlier ones count as constants.</summary>
    Truncated,

    /// <summary>Every inner gradient counts as a constant: first-order MAML.</summary>
    FirstOrder,

    /// <summary>No derivative: minus the mean displacement of the adapted parameters, as in Reptile.</summary>
    Displacement,
}
