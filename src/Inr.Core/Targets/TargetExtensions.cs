namespace Inr;

/// <summary>What callers ask of any target function.</summary>
public static class TargetExtensions
{
    /// <summary>Draws an initial θ, where the target is an <see cref="ITrainableTarget"/>.</summary>
    /// <param name="target">The target function.</param>
    /// <param name="generator">The source of randomness, on the CPU; a new one of seed 0 by default.</param>
    /// <param name="device">Where θ lives; CPU by default.</param>
    /// <returns>A set of float32 tensors without a batch axis.</returns>
    /// <exception cref="NotSupportedException">θ of this target belongs to one signal; the message says what to do instead.</exception>
    public static ParameterSet Initialize(this ITargetFunction target, Generator? generator = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target is ITrainableTarget trainable
            ? trainable.Initialize(generator, device)
            : throw new NotSupportedException(
                $"The target function '{target.Description.Kind}' draws no initial parameters: its structure belongs to one signal. Fit the signal with the fitter that makes it (such as PiecewiseFourierFitter or BlockCosineFitter), or start from parameters that you have (GradientFitter.FitFrom).");
    }
}
