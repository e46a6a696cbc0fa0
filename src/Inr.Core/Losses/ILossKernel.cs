namespace Inr.Losses;

/// <summary>Computes the squared error of samples and its gradient faster than autograd: a target implements it, or an engine that knows many (<see cref="Loss.Kernel"/>).</summary>
/// <remarks>
/// It is asked first wherever no graph has to remain: by <see cref="GradientFitter"/>, by test-time steps and by first-order
/// inner loops. It is asked once for all samples of a step, without pieces, so that it can cut them as suits it. What has
/// a graph through its own gradient (second order), another error or another observation is autograd's.
/// </remarks>
public interface ILossKernel
{
    /// <summary>What a <see cref="FitResult"/> calls it; the name of the type by default.</summary>
    string Name => GetType().Name;

    /// <summary>Σ over samples and channels of mask·(f_θ(x) − y)², and its gradient.</summary>
    /// <param name="target">The architecture.</param>
    /// <param name="parameters">θ, with or without a batch axis; a graph that it may have is not to be followed.</param>
    /// <param name="wanted">The places in the layout of the tensors whose gradient is wanted, ascending.</param>
    /// <param name="samples">The samples of one signal, or of as many as θ has functions.</param>
    /// <returns>The sums, a scalar or shape [B], and one new tensor for each wanted one, of its shape; null where it cannot
    /// do this (another target, type or device), and autograd does it.</returns>
    (Tensor Sums, Tensor[] Gradients)? TryDifferentiate(ITargetFunction target, ParameterSet parameters, IReadOnlyList<int> wanted, LossSamples samples);
}
