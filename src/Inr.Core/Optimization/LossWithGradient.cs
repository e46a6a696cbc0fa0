namespace Inr.Optimization;

/// <summary>A loss and its gradient at θ: what an optimizer asks for, once a step or several times.</summary>
/// <param name="parameters">The trainable tensors.</param>
/// <returns>The loss, a scalar tensor without a graph, and one gradient per tensor.</returns>
public delegate (Tensor Loss, Tensor[] Gradients) LossWithGradient(IReadOnlyList<Tensor> parameters);
