namespace Inr.Meta;

/// <summary>The mean squared error of each signal of a batch.</summary>
internal static class SignalErrors
{
    /// <summary>Mean over real samples and channels.</summary>
    /// <param name="target">The target function.</param>
    /// <param name="theta">Its parameters with a batch axis B.</param>
    /// <param name="signals">B signals.</param>
    /// <returns>Shape [B]; differentiable in θ.</returns>
    public static Tensor Of(ITargetFunction target, ParameterSet theta, SignalBatch signals) =>
        Of(target.Evaluate(theta, signals.Coordinates), signals);

    /// <summary>Mean over real samples and channels.</summary>
    /// <param name="predicted">Shape [B,N,c].</param>
    /// <param name="signals">B signals.</param>
    /// <returns>Shape [B]; differentiable in the predictions.</returns>
    public static Tensor Of(Tensor predicted, SignalBatch signals)
    {
        var squares = (predicted - signals.Values).square();
        return signals.Mask is { } mask
            ? (squares.mean([2L]) * mask).sum(1) / mask.sum(1)
            : squares.mean([1L, 2L]);
    }
}
