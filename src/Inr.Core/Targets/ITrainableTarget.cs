namespace Inr;

/// <summary>A target function that draws an initial θ: what gradient descent and meta-learners start from.</summary>
/// <remarks>
/// Not every function does: the structure of an adaptive expansion belongs to one signal, and only its fitter makes it.
/// Evaluation, files and <see cref="GradientFitter.FitFrom"/> work with any <see cref="ITargetFunction"/>.
/// </remarks>
public interface ITrainableTarget : ITargetFunction
{
    /// <summary>Draws an initial θ.</summary>
    /// <param name="generator">The source of randomness, on the CPU; a new one of seed 0 by default.</param>
    /// <param name="device">Where θ lives; CPU by default.</param>
    /// <returns>A set of float32 tensors without a batch axis.</returns>
    ParameterSet Initialize(Generator? generator = null, Device? device = null);
}
