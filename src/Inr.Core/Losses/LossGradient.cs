namespace Inr.Losses;

/// <summary>A loss and its gradient.</summary>
/// <param name="Losses">The loss, terms included: a scalar, or shape [B] for B functions; without a graph.</param>
/// <param name="Errors">The mean pointwise error alone, of the same shape; without a graph.</param>
/// <param name="Gradients">The gradient of the sum of the losses (or of their mean, where that was asked for) in each tensor that was given, in their order.</param>
public sealed record LossGradient(Tensor Losses, Tensor Errors, IReadOnlyList<Tensor> Gradients)
{
    /// <summary>The sum of the losses, a scalar: what the gradients belong to.</summary>
    public Tensor Total => Losses.dim() == 0 ? Losses : Losses.sum();

    /// <summary>The name of the <see cref="ILossKernel"/> that computed it; null where autograd did.</summary>
    public string? Kernel { get; init; }

    /// <summary>Hands the tensors to the surrounding dispose scope.</summary>
    /// <returns>This gradient.</returns>
    public LossGradient MoveToOuterDisposeScope()
    {
        Losses.MoveToOuterDisposeScope();
        if (!ReferenceEquals(Losses, Errors))
            Errors.MoveToOuterDisposeScope();
        foreach (var g in Gradients)
            g.MoveToOuterDisposeScope();
        return this;
    }
}
