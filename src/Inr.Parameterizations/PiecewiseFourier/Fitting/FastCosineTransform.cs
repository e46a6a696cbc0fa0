namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The orthonormal cosine transform (DCT-II) of a long axis by one Fourier transform of as many samples.</summary>
/// <remarks>
/// With <c>v = (x₀, x₂, …, x₃, x₁)</c> and V its Fourier transform, <c>Σ_i x_i·cos(πu(i+½)/n) = Re(V_u·e^{−iπu/2n})</c>
/// (Makhoul, 1980): n·log n operations and no table of n² cosines.
/// </remarks>
internal static class FastCosineTransform
{
    /// <summary>Shorter axes are done faster by a table, which stays in cache.</summary>
    public const int ShortestSide = 128;

    /// <summary>Transforms one axis.</summary>
    /// <param name="values">Values in row-major order.</param>
    /// <param name="side">The length n of the axis.</param>
    /// <param name="inner">The distance between neighbours on it.</param>
    public static double[] Apply(double[] values, int side, int inner)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var x = tensor(values).reshape(-1, side, inner);
        var v = cat([x.slice(1, 0, side, 2), x.slice(1, 1, side, 2).flip(1)], 1);
        var spectrum = fft.fft_(v, dim: 1);
        var u = arange(side, dtype: float64);
        var angle = u * (-Math.PI / (2.0 * side));
        var scale = full([side], CosineTables.Scale(1, side), dtype: float64);
        scale[0] = CosineTables.Scale(0, side);
        var cosine = (angle.cos() * scale).unsqueeze(1);
        var sine = (angle.sin() * scale).unsqueeze(1);
        return ((spectrum.real * cosine) - (spectrum.imag * sine)).contiguous().data<double>().ToArray();
    }
}
