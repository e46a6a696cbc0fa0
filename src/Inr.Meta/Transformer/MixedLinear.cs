namespace Inr.Meta;

/// <summary>A linear layer that computes in a type of its own.</summary>
public static class MixedLinear
{
    /// <summary>x·Wᵀ + b.</summary>
    /// <param name="x">Shape […,in].</param>
    /// <param name="weight">Shape [out,in].</param>
    /// <param name="bias">Shape [out], or none.</param>
    /// <param name="type">The type of the product and of the result; gradients flow through the casts.</param>
    /// <returns>Shape […,out].</returns>
    public static Tensor Apply(Tensor x, Tensor weight, Tensor? bias, ScalarType type) =>
        nn.functional.linear(x.to(type), weight.to(type), bias?.to(type));
}
