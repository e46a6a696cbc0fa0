namespace Inr.Meta;

/// <summary>The mean squared error of each signal once the parameters in which the target is linear are solved on the context (variable projection).</summary>
internal static class SolvedErrors
{
    /// <summary>Mean over real samples and channels, after the solve.</summary>
    /// <param name="target">The target function.</param>
    /// <param name="theta">Its parameters with a batch axis B; the linear ones do not count.</param>
    /// <param name="ridge">The ridge of the solve, relative to the mean diagonal of its normal equations.</param>
    /// <param name="context">The samples to solve for.</param>
    /// <param name="query">The samples to judge on; the context itself where they are the same.</param>
    /// <returns>Shape [B]; differentiable in θ.</returns>
    public static Tensor Of(ILinearInParameters target, ParameterSet theta, double ridge, SignalBatch context, SignalBatch query)
    {
        if (target is not ILastLayerFeatures last || !ReferenceEquals(context, query))
            return SignalErrors.Of(target, Solve(target, theta, ridge, context), query);
        // The features serve the solve and the prediction.
        var features = last.Features(theta, context.Coordinates);
        var solved = last.SolveLastLayer(theta, features, context.Values, ridge, context.Mask, derivatives: 1);
        return SignalErrors.Of(last.ApplyLastLayer(solved, features), query);
    }

    /// <summary>θ with its linear part solved on the context.</summary>
    public static ParameterSet Solve(ILinearInParameters target, ParameterSet theta, double ridge, SignalBatch context) =>
        target.SolveLinear(theta, context.Coordinates, context.Values, ridge, context.Mask);
}
