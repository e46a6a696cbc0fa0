namespace Inr.Optimization;

/// <summary>A first-order rule: turns a gradient into a direction d, to be followed as θ' = θ − η·d.</summary>
/// <remarks>
/// The step size η is kept apart, so that a fitter schedules it and a meta-learner learns it. Every operation is out of
/// place and differentiable: a meta-learner may differentiate through a chain of steps.
/// </remarks>
public interface IUpdateRule
{
    /// <summary>The kind and all settings: a run that is resumed with others would give other numbers.</summary>
    UpdateRuleDescription Description { get; }

    /// <summary>The state before the first step.</summary>
    /// <param name="parameters">The tensors that will be updated.</param>
    OptimizerState Initialize(IReadOnlyList<Tensor> parameters);

    /// <summary>The direction of one step.</summary>
    /// <param name="parameters">The tensors before the step.</param>
    /// <param name="gradients">Their gradients, in the same order.</param>
    /// <param name="state">The state before the step; it stays valid.</param>
    /// <returns>One direction per tensor, and the state after the step.</returns>
    (Tensor[] Directions, OptimizerState State) Direct(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> gradients, OptimizerState state);
}
