using Inr.Optimization;

namespace Inr.Meta;

/// <summary>What one inner step hands to the next: φ of every task and what the update rule remembers.</summary>
/// <param name="Adapted">φ; shape [B,P].</param>
/// <param name="Rule">The state of the update rule.</param>
internal sealed record InnerState(Tensor Adapted, OptimizerState Rule)
{
    /// <summary>The name of what computed the loss and the gradient of the step that led here; null before the first.</summary>
    public string? ComputedBy { get; init; }

    /// <summary>φ and the rule's tensors, all that a step depends on apart from the weights.</summary>
    public Tensor[] Tensors => [Adapted, .. Rule.Tensors];

    /// <summary>The same state as leaves of a new graph.</summary>
    public InnerState AsLeaves() =>
        new(Adapted.detach().requires_grad_(), new OptimizerState(Rule.Step, [.. Rule.Tensors.Select(t => t.detach().requires_grad_())]));

    /// <summary>Hands the tensors to the surrounding dispose scope.</summary>
    public InnerState MoveToOuterDisposeScope()
    {
        foreach (var t in Tensors)
            t.MoveToOuterDisposeScope();
        return this;
    }
}
