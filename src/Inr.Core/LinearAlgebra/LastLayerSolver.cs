namespace Inr;

/// <summary>Solves a linear layer on given features by ridge least squares, for one function or B at once.</summary>
/// <remarks>
/// <para>
/// The layer X = [W, b]ᵀ solves <c>A·X = R</c> with <c>A = ĥᵀMĥ + λ·t·I</c>, <c>R = ĥᵀM(y − offset)</c>, where ĥ is h with a
/// column of ones, M the mask and t the mean diagonal of ĥᵀMĥ. A is formed and factored (Cholesky, float64) without a graph.
/// </para>
/// <para>
/// Derivatives are implicit: a pass <c>X ← X + A⁻¹(R − A·X)</c>, in which only the residual has a graph, leaves a solution
/// where it is and makes one more of its derivatives exact, because the constant A⁻¹ errs by the order of the change of h.
/// Its backward pass is the adjoint solve with the same factor and products of rank c; nothing differentiates a
/// factorization or the product ĥᵀMĥ. The pass is at once a step of iterative refinement, which takes the rounding of A out of X.
/// </para>
/// <para>Golub and Pereyra: The Differentiation of Pseudo-Inverses and Nonlinear Least Squares Problems Whose Variables Separate, 1973.</para>
/// </remarks>
public static class LastLayerSolver
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

    // Above it all is computed in float64, because float32 may not hold λ·t.
    private const double LargestFloat32Ridge = 1e6;

    // Above it the layer is 0 in any type, and λ·t might not be finite.
    private const double LargestRidge = 1e150;

    // What a product adds up in the type of the features; pieces add up in float64. Bounds rounding, and the copy to float64.
    private const long SamplesPerPiece = 512;

    /// <summary>W and b of min Σ mask·‖h·Wᵀ + b + offset − y‖² + λ(‖W‖² + ‖b‖²), where λ is relative to the mean diagonal of the normal equations.</summary>
    /// <param name="features">h; shape [N,m] or [B,N,m].</param>
    /// <param name="values">y; shape [N,c] or [B,N,c].</param>
    /// <param name="offset">The constant that the network adds to its output.</param>
    /// <param name="ridge">The relative weight λ of the penalty; finite and at least 0.</param>
    /// <param name="mask">Shape [N] or [B,N]: a weight per sample; 1 by default.</param>
    /// <param name="derivatives">How many derivatives of the result are exact; each costs a pass over the features.</param>
    /// <returns>W of shape [c,m] or [B,c,m], b of shape [c] or [B,c], of the type of the features; differentiable in features, values and mask.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit one another, or the ridge is negative or not finite.</exception>
    public static (Tensor Weight, Tensor Bias) Solve(Tensor features, Tensor values, double offset = 0, double ridge = 1e-6, Tensor? mask = null, int derivatives = 2)
    {
        Require(features, values, mask);
        if (!(ridge >= 0 && double.IsFinite(ridge)))
            throw new ArgumentOutOfRangeException(nameof(ridge), ridge, "The ridge is a finite number of at least 0.");
        ArgumentOutOfRangeException.ThrowIfNegative(derivatives);
        using var scope = NewDisposeScope();
        bool batched = features.dim() == 3 || values.dim() == 3 || mask?.dim() == 2;
        var type = ridge > LargestFloat32Ridge ? float64 : features.dtype;
        var h = (features.dim() == 2 ? features.unsqueeze(0) : features).to(type);
        var y = (values.dim() == 2 ? values.unsqueeze(0) : values).to(type);
        if (offset != 0)
            y = y - offset;
        var m = mask?.to(type).reshape(-1, h.shape[1], 1);
        long batch = Math.Max(Math.Max(h.shape[0], y.shape[0]), m?.shape[0] ?? 1);
        h = h.expand(batch, h.shape[1], h.shape[2]);
        y = y.expand(batch, y.shape[1], y.shape[2]);
        ridge = Math.Clamp(ridge, SmallestRidge, LargestRidge);

        Tensor factor, weight, bias;
        using (no_grad())
        {
            (factor, var right) = Factor(h.detach(), y.detach(), m?.detach(), ridge);
            (weight, bias) = Split(cholesky_solve(right, factor, upper: false), type);
        }

        if (!is_grad_enabled() || !(h.requires_grad || y.requires_grad || m is { requires_grad: true }))
            derivatives = 1;
        for (int pass = 0; pass < derivatives; pass++)
        {
            var (weightStep, biasStep) = Split(cholesky_solve(Residual(h, y, m, weight, bias, ridge), factor, upper: false), type);
            (weight, bias) = (weight + weightStep, bias + biasStep);
        }

        (weight, bias) = (weight.to(features.dtype), bias.to(features.dtype));
        if (!batched)
            (weight, bias) = (weight.squeeze(0), bias.squeeze(0));
        return (weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }

    private static void Require(Tensor features, Tensor values, Tensor? mask)
    {
        Shapes.Require(features, nameof(features), "[N,m] or [B,N,m]", 2, 3);
        Shapes.Require(values, nameof(values), "[N,c] or [B,N,c]", 2, 3);
        long count = features.shape[^2];
        if (values.shape[^2] != count || (features.dim() == 3 && values.dim() == 3 && features.shape[0] != values.shape[0]))
            throw new ArgumentException($"Features and values must be of the same samples; their shapes are {Shapes.Text(features)} and {Shapes.Text(values)}.", nameof(values));
        if (count == 0)
            throw new ArgumentException("There is no sample to solve the layer for.", nameof(features));
        long batch = features.dim() == 3 ? features.shape[0] : values.dim() == 3 ? values.shape[0] : mask?.shape[0] ?? 1;
        if (mask is not null && (mask.dim() is not (1 or 2) || mask.shape[^1] != count || (mask.dim() == 2 && mask.shape[0] != batch)))
            throw new ArgumentException($"mask must have the shape [{count}] or [B,{count}]; it is {Shapes.Text(mask)}.", nameof(mask));
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
            if (mask is null)
                gram.select(2, width).select(1, width).add_(length);
            else
                gram.select(2, width).select(1, width).add_(mask.narrow(1, start, length).sum([1L, 2L]));
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
