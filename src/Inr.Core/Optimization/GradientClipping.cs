namespace Inr.Optimization;

/// <summary>Bounds gradients by their joint Euclidean norm; differentiable.</summary>
public static class GradientClipping
{
    /// <summary>Scales the gradients together so that their joint norm is at most a limit.</summary>
    /// <param name="gradients">One tensor per parameter.</param>
    /// <param name="limit">The largest joint norm, above 0.</param>
    /// <returns>New tensors; the arguments stay as they are.</returns>
    public static Tensor[] ByJointNorm(IReadOnlyList<Tensor> gradients, double limit)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, 0);
        if (gradients.Count == 0)
            return [];
        var norm = stack(gradients.Select(g => g.square().sum()).ToArray()).sum().sqrt();
        var factor = limit / norm.add(1e-12);
        var clipped = factor.clamp_max(1.0);
        return [.. gradients.Select(g => g * clipped)];
    }
}
