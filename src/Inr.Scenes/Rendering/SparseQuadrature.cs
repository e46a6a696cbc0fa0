using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>The quadrature of <see cref="VolumeRenderer"/> over the few points of rays that hold matter, listed one after another.</summary>
/// <remarks>
/// With Π(1 − α) = exp(−Σ σδ), the light that reaches point k of a ray is T_k = exp(−(S_k − S_first)), where S is the
/// exclusive running sum of σδ over the whole list: one sum serves all rays. It runs in float64, so that rays late in the
/// list keep their digits.
/// </remarks>
/// <param name="Where">Shape [K], int64, ascending: the index of each point among R·P, ray by ray.</param>
/// <param name="Rays">Shape [K], int64: the ray of each point.</param>
/// <param name="Intervals">Shape [K]: δ of each point.</param>
internal sealed record SparseQuadrature(Tensor Where, Tensor Rays, Tensor Intervals)
{
    /// <summary>Lists points.</summary>
    /// <param name="where">Ascending indices among R·P.</param>
    /// <param name="intervals">Shape [R,P].</param>
    public static SparseQuadrature Of(Tensor where, Tensor intervals) =>
        new(where, where.div(intervals.shape[^1], RoundingMode.floor), intervals.flatten().index_select(0, where));

    /// <summary>The same without some points.</summary>
    /// <param name="keep">Shape [K], bool.</param>
    public SparseQuadrature Keep(Tensor keep) => new(Where.masked_select(keep), Rays.masked_select(keep), Intervals.masked_select(keep));

    /// <summary>α of the points, and the light that reaches them.</summary>
    /// <param name="density">Shape [K], raw.</param>
    public (Tensor Alpha, Tensor Before) Opacity(Tensor density)
    {
        var depth = density.relu() * Intervals;
        var before = depth.to(float64).cumsum(0) - depth;
        // The list is sorted by ray: the first point of a ray is where its number first occurs.
        var first = before.index_select(0, searchsorted(Rays, Rays));
        return (1 - (-depth).exp(), (first - before).exp().to(density.dtype));
    }

    /// <summary>The colors of R rays.</summary>
    /// <param name="raw">Shape [K,4]: raw r, g, b and density.</param>
    /// <param name="rays">R.</param>
    /// <param name="whiteBackground">Whether what is left of the light is white; otherwise black.</param>
    /// <returns>Shape [R,3]; differentiable.</returns>
    public Tensor Composite(Tensor raw, long rays, bool whiteBackground)
    {
        var (alpha, before) = Opacity(raw.select(-1, 3));
        var weights = (alpha * before).unsqueeze(-1);
        var color = raw.narrow(-1, 0, 3).sigmoid();
        // Over white, Σ w c + (1 − Σ w) = 1 + Σ w (c − 1).
        return whiteBackground
            ? ones([rays, 3], raw.dtype, raw.device).index_add(0, Rays, weights * (color - 1), 1)
            : zeros([rays, 3], raw.dtype, raw.device).index_add(0, Rays, weights * color, 1);
    }
}
