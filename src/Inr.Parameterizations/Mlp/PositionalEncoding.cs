namespace Inr.Parameterizations;

/// <summary>Fixed geometric frequencies: <c>[cos(πwx) for every (coordinate, w)] then [sin(πwx) …]</c>, w = exp(linspace(0, ln w_max, n)).</summary>
/// <remarks>Coordinate-major: y·w₀ … y·w_{n−1}, x·w₀ …; raw coordinates are not part of the result. As in Trans-INR (Chen and Wang, ECCV 2022).</remarks>
internal static class PositionalEncoding
{
    /// <summary>Encodes coordinates.</summary>
    /// <param name="coordinates">Shape […,d].</param>
    /// <param name="size">Numbers per coordinate: twice the number of frequencies.</param>
    /// <param name="maxFrequency">w_max.</param>
    /// <returns>Shape […,d·size].</returns>
    public static Tensor Encode(Tensor coordinates, int size, double maxFrequency)
    {
        using var scope = NewDisposeScope();
        // Frequencies in float32, as the official code draws them: the phase πwx amplifies their rounding by w ≤ 1024.
        var frequencies = exp(linspace(0, Math.Log(maxFrequency), size / 2, dtype: float32)).to(coordinates.dtype, coordinates.device);
        var phase = (coordinates.unsqueeze(-1) * frequencies).flatten(-2).mul(Math.PI);
        return cat([phase.cos(), phase.sin()], -1).MoveToOuterDisposeScope();
    }
}
