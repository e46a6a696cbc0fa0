namespace Inr.Parameterizations;

/// <summary>Solves the last, linear layer of a perceptron by ridge least squares, for one function or B at once.</summary>
internal static class LastLayer
{
    /// <summary>W and b of min Σ mask·‖h·Wᵀ + b + offset − y‖² + λ(‖W‖² + ‖b‖²), where λ is relative to the mean diagonal of the normal equations.</summary>
    /// <param name="features">h; shape [N,m] or [B,N,m].</param>
    /// <param name="values">y; shape [N,c] or [B,N,c].</param>
    /// <param name="offset">The constant that the network adds to its output.</param>
    /// <param name="ridge">The relative weight λ of the penalty.</param>
    /// <param name="mask">Shape [N] or [B,N]: a weight per sample; 1 by default.</param>
    /// <returns>W of shape [c,m] or [B,c,m], b of shape [c] or [B,c].</returns>
    public static (Tensor Weight, Tensor Bias) Solve(Tensor features, Tensor values, double offset, double ridge, Tensor? mask)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ridge);
        bool batched = features.dim() == 3 || values.dim() == 3;
        // In double: the normal equations square the condition number.
        var h = features.to(float64);
        var y = values.to(float64) - offset;
        if (h.dim() == 2)
            h = h.unsqueeze(0);
        if (y.dim() == 2)
            y = y.unsqueeze(0);
        if (h.shape[0] != y.shape[0])
        {
            long b = Math.Max(h.shape[0], y.shape[0]);
            h = h.expand(b, h.shape[1], h.shape[2]);
            y = y.expand(b, y.shape[1], y.shape[2]);
        }

        var augmented = cat([h, ones([h.shape[0], h.shape[1], 1], float64, h.device)], -1);
        var weighted = mask is null ? augmented : augmented * mask.to(float64).reshape(-1, h.shape[1], 1);
        var transposed = weighted.transpose(1, 2);
        var gram = bmm(transposed, augmented);
        var right = bmm(transposed, y);
        long m = augmented.shape[2];
        var level = gram.diagonal(0, 1, 2).mean([-1], keepdim: true).unsqueeze(-1);
        var regularised = gram + eye(m, dtype: float64, device: h.device) * (level * Math.Max(ridge, 1e-12));
        var solution = linalg.solve(regularised, right).transpose(1, 2).to(features.dtype);
        var weight = solution.narrow(-1, 0, m - 1).contiguous();
        var bias = solution.select(-1, m - 1).contiguous();
        return batched ? (weight, bias) : (weight.squeeze(0), bias.squeeze(0));
    }
}
