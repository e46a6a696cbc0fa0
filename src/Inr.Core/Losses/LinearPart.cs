namespace Inr.Losses;

/// <summary>The tensors of θ that a least-squares solve gives, and those left to an optimizer.</summary>
internal sealed class LinearPart
{
    private readonly ILinearInParameters _target;
    private readonly double _ridge;

    /// <param name="target">The target function.</param>
    /// <param name="ridge">The weight of the penalty of the solve, relative to the mean diagonal of its normal equations.</param>
    /// <exception cref="ArgumentException">The target is linear in none of its parameters.</exception>
    public LinearPart(ITargetFunction target, double ridge)
    {
        _target = target as ILinearInParameters is { LinearParameters.Count: > 0 } linear
            ? linear
            : throw new ArgumentException($"SolveLinearPart needs a target that is linear in some of its parameters; '{target.Description.Kind}' is not.", nameof(target));
        _ridge = ridge;
    }

    /// <summary>The names of the tensors that the solve gives.</summary>
    public IReadOnlyList<string> Names => _target.LinearParameters;

    /// <summary>Whether the target gives the features that its linear part is applied to.</summary>
    public bool HasFeatures => _target is ILastLayerFeatures;

    /// <summary>θ with its linear part solved on samples; differentiable where gradients are recorded.</summary>
    public ParameterSet Solve(ParameterSet parameters, LossSamples context, long samplesPerPiece)
    {
        if (_target is not ILastLayerFeatures last || is_grad_enabled() || context.Count <= samplesPerPiece)
            return _target.SolveLinear(parameters, context.AllPlaces, context.Values, _ridge, context.Mask);
        using var scope = NewDisposeScope();
        return last.SolveLastLayer(parameters, FeaturesInPieces(last, parameters, context, samplesPerPiece), context.Values, _ridge, context.Mask, derivatives: 1).MoveToOuterDisposeScope();
    }

    /// <summary>The same without a graph; null where θ or what it gives is not finite, which a factorization would end in native code.</summary>
    public ParameterSet? TrySolve(ParameterSet parameters, LossSamples context, long samplesPerPiece)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (_target is not ILastLayerFeatures last)
            return parameters.HasNonFinite() ? null : Solve(parameters, context, samplesPerPiece).MoveToOuterDisposeScope();
        var features = context.Count <= samplesPerPiece ? last.Features(parameters, context.AllPlaces) : FeaturesInPieces(last, parameters, context, samplesPerPiece);
        return AreUsable(features)
            ? last.SolveLastLayer(parameters, features, context.Values, _ridge, context.Mask, derivatives: 1).MoveToOuterDisposeScope()
            : null;
    }

    /// <summary>What the solved function says at the samples that it is solved on: the features serve both. One derivative is exact.</summary>
    /// <returns>Shape [N,c] or [B,N,c]; null where the numbers are not finite and <paramref name="checks"/> says to look.</returns>
    public Tensor? Predict(ParameterSet parameters, LossSamples samples, bool checks)
    {
        using var scope = NewDisposeScope();
        var x = samples.AllPlaces;
        if (_target is not ILastLayerFeatures last)
        {
            return checks && parameters.HasNonFinite()
                ? null
                : _target.Evaluate(_target.SolveLinear(parameters, x, samples.Values, _ridge, samples.Mask), x).MoveToOuterDisposeScope();
        }

        var features = last.Features(parameters, x);
        if (checks && !AreUsable(features))
            return null;
        var solved = last.SolveLastLayer(parameters, features, samples.Values, _ridge, samples.Mask, derivatives: 1);
        return last.ApplyLastLayer(solved, features).MoveToOuterDisposeScope();
    }

    /// <summary>θ with the solved tensors of another set in their places; the rest stays, with its graph.</summary>
    public ParameterSet WithSolved(ParameterSet parameters, ParameterSet solved) =>
        parameters.Map((spec, t) => Names.Contains(spec.Name) ? solved[spec.Name] : t);

    // Features whose squares are not finite lead to a factorization that fails in native code.
    private static bool AreUsable(Tensor features)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return double.IsFinite(features.detach().square().sum().to(ScalarType.Float64).item<double>());
    }

    // In pieces, because the layers before need far more memory than their result.
    private static Tensor FeaturesInPieces(ILastLayerFeatures last, ParameterSet parameters, LossSamples samples, long samplesPerPiece)
    {
        long count = samples.Count;
        Tensor? all = null;
        for (long start = 0; start < count; start += samplesPerPiece)
        {
            using var piece = NewDisposeScope();
            long length = Math.Min(samplesPerPiece, count - start);
            var features = last.Features(parameters, samples.Places(start, length));
            all ??= empty([.. features.shape[..^2], count, features.shape[^1]], features.dtype, features.device).MoveToOuterDisposeScope();
            all.narrow(-2, start, length).copy_(features);
        }

        return all!;
    }
}
