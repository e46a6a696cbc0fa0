namespace Inr.Parameterizations;

/// <summary>Solves the last, linear layer of a perceptron by ridge least squares, for one function or B at once.</summary>
/// <remarks>
/// <para>
/// The layer X = [W, b]ᵀ solves <c>A·X = R</c> with <c>A = ĥᵀMĥ + λ·t·I</c>, <c>R = ĥᵀM(y − offset)</c>, where ĥ is h with a
/// column of ones, M the mask and t the mean diagonal of ĥᵀMĥ. A is formed and factored (Cholesky, float64) without a graph.
/// </para>
/// <para>
/// Derivatives are implicit: a pass <c>X ← X + A⁻¹(R − A·X)</c>, in which only the residual has a graph, leaves a solution
/// where it is and makes one more of its derivatives exact, because the constant A⁻¹ errs by the order of the change of h.
/// Its backward pass is the adjoint solve with the same factor and products of rank c; nothing differentiates a
/// factorisation or the product ĥᵀMĥ. The pass is at once a step of iterative refinement, which takes the rounding of A out of X.
/// </para>
/// </remarks>
internal static class LastLayer
{
    /// <summary>Below this ridge the products ĥᵀMĥ of float32 features are formed in float64.</summary>
    /// <remarks>
    /// The smallest eigenvalue of A is λ·t or more, and the rounding of sums of <see cref="SamplesPerPiece"/> float32 products
    /// is some 1e-6·t in norm. Where λ is far larger the factor of the rounded A is a good one, and a pass of refinement
    /// divides what is left by their quotient.
    /// </remarks>
    private const double SmallestFloat32Ridge = 3e-5;

    // Keeps A positive definite where features are dependent.
    private const double SmallestRidge = 1e-12;

    // What a product adds up in the type of the features; pieces add up in float64. Bounds rounding, and the copy to float64.
    private const long SamplesPerPiece = 512;

    /// <summary>W and b of min Σ mask·‖h·Wᵀ + b + offset − y‖² + λ(‖W‖² + ‖b‖²), where λ is relative to the mean diagonal of the normal equations.</summary>
    /// <param name="features">h; shape [N,m] or [B,N,m].</param>
    /// <param name="values">y; shape [N,c] or [B,N,c].</param>
    /// <param name="offset">The constant that the network adds to its output.</param>
    /// <param name="ridge">The relative weight λ of the penalty.</param>
    /// <param name="mask">Shape [N] or [B,N]: a weight per sample; 1 by default.</param>
    /// <param name="derivatives">How many derivatives of the result are exact; each costs a pass over the features.</param>
    /// <returns>W of shape [c,m] or [B,c,m], b of shape [c] or [B,c]; differentiable in features, values and mask.</returns>
    public static (Tensor Weight, Tensor Bias) Solve(Tensor features, Tensor values, double offset, double ridge, Tensor? mask, int derivatives = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ridge);
        bool batched = features.dim() == 3 || values.dim() == 3;
        var h = features.dim() == 2 ? features.unsqueeze(0) : features;
        var y = (values.dim() == 2 ? values.unsqueeze(0) : values).to(h.dtype);
        if (offset != 0)
            y = y - offset;
        long batch = Math.Max(h.shape[0], y.shape[0]);
        h = h.expand(batch, h.shape[1], h.shape[2]);
        y = y.expand(batch, y.shape[1], y.shape[2]);
        var m = mask?.to(h.dtype).reshape(-1, h.shape[1], 1);
        ridge = Math.Max(ridge, SmallestRidge);

        Tensor factor, weight, bias;
        using (no_grad())
        {
            (factor, var right) = Factor(h.detach(), y.detach(), m?.detach(), ridge);
            (weight, bias) = Split(cholesky_solve(right, factor, upper: false), h.dtype);
        }

        if (!is_grad_enabled() || !(h.requires_grad || y.requires_grad || m is { requires_grad: true }))
            derivatives = 1;
        for (int pass = 0; pass < derivatives; pass++)
        {
            var (weightStep, biasStep) = Split(cholesky_solve(Residual(h, y, m, weight, bias, ridge), factor, upper: false), h.dtype);
            (weight, bias) = (weight + weightStep, bias + biasStep);
        }

        return batched ? (weight, bias) : (weight.squeeze(0), bias.squeeze(0));
    }

    // The Cholesky factor of A and R, in float64: [B,m+1,m+1] and [B,m+1,c].
    private static (Tensor Factor, Tensor Right) Factor(Tensor h, Tensor y, Tensor? mask, double ridge)
    {
        using var scope = NewDisposeScope();
        var type = ridge < SmallestFloat32Ridge ? float64 : h.dtype;
        var (batch, samples, width) = (h.shape[0], h.shape[1], h.shape[2]);
        var gram = zeros([batch, width + 1, width + 1], float64, h.device);
        var right = zeros([batch, width + 1, y.shape[2]], float64, h.device);
        for (long start = 0; start < samples; start += SamplesPerPiece)
        {
            using var piece = NewDisposeScope();
            long length = Math.Min(SamplesPerPiece, samples - start);
            var a = h.narrow(1, start, length).to(type);
            var b = y.narrow(1, start, length).to(type);
            var weighted = mask is null ? a : a * mask.narrow(1, start, length).to(type);
            var weightedValues = mask is null ? b : b * mask.narrow(1, start, length).to(type);
            gram.narrow(1, 0, width).narrow(2, 0, width).add_(bmm(weighted.transpose(1, 2), a));
            gram.select(2, width).narrow(1, 0, width).add_(weighted.sum(1));
            gram.select(2, width).select(1, width).add_(mask is null ? length : mask.narrow(1, start, length).sum([1L, 2L]));
            right.narrow(1, 0, width).add_(bmm(weighted.transpose(1, 2), b));
            right.select(1, width).add_(weightedValues.sum(1));
        }

        gram.select(1, width).copy_(gram.select(2, width));
        var diagonal = gram.diagonal(0, 1, 2);
        diagonal.add_(diagonal.mean([1L], keepdim: true) * ridge);
        return (linalg.cholesky(gram).MoveToOuterDisposeScope(), right.MoveToOuterDisposeScope());
    }

    // R − A·X = ĥᵀM(y − ĥX) − λ·t·X, without A; float64 [B,m+1,c].
    private static Tensor Residual(Tensor h, Tensor y, Tensor? mask, Tensor weight, Tensor bias, double ridge)
    {
        var error = y - DenseLayers.Affine(h, weight, bias);
        if (mask is not null)
            error = error * mask;
        var level = ridge * Level(h, mask);
        return cat(
            [
                bmm(h.transpose(1, 2), error) - weight.transpose(1, 2) * level,
                (error.sum(1) - bias * level.squeeze(-1)).unsqueeze(1),
            ],
            1).to(float64);
    }

    // t; shape [B,1,1] or [1,1,1].
    private static Tensor Level(Tensor h, Tensor? mask)
    {
        // The square of a norm needs no copy of h, forwards or backwards.
        var squares = mask is null ? linalg.vector_norm(h, 2, [1L, 2L], true).square() : (h.square() * mask).sum([1L, 2L], keepdim: true);
        var count = mask is null ? full([1, 1, 1], h.shape[1], h.dtype, h.device) : mask.sum([1L, 2L], keepdim: true);
        return (squares + count) / (h.shape[2] + 1);
    }

    // [B,m+1,c] → W [B,c,m] and b [B,c].
    private static (Tensor Weight, Tensor Bias) Split(Tensor solution, ScalarType type)
    {
        long width = solution.shape[1] - 1;
        var turned = solution.transpose(1, 2).to(type);
        return (turned.narrow(2, 0, width), turned.select(2, width));
    }
}
