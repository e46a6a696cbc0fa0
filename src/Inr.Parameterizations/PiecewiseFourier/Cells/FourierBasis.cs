namespace Inr.Parameterizations;

/// <summary>The functions that a region sums.</summary>
public enum FourierBasis
{
    /// <summary>Tensor cosines <c>Π cos(π u_a t_a)</c>, u ∈ Z_+^d, on the region's box: no jump where the box ends.</summary>
    Cosine,

    /// <summary>Real Fourier: <c>cos</c> and <c>sin</c> of <c>2π u·t/T</c>, u in a half-space of Z^d, T the extension factor.</summary>
    Fourier,

    /// <summary>The real part of <c>Σ θ_w e^{2πi w·x}</c>, w ∈ Z_+^d, over the whole domain, complex θ (two floats each): the literal form of the proposal.</summary>
    ComplexExponential,
}
