namespace Inr.Optimization;

/// <summary>An optimizer as an immutable description: initial state, and a step from (θ, state) to (θ', state').</summary>
public interface IOptimizer
{
    /// <summary>The state before the first step.</summary>
    /// <param name="parameters">The tensors that will be updated.</param>
    OptimizerState Initialize(IReadOnlyList<Tensor> parameters);

    /// <summary>One step. Nothing that is passed in is changed.</summary>
    /// <param name="parameters">θ before the step.</param>
    /// <param name="state">The state before the step.</param>
    /// <param name="objective">The loss to lower; methods with a line search call it several times.</param>
    /// <param name="learningRate">The step size η.</param>
    /// <returns>θ', the state after the step, and the loss at θ (before the step) as a scalar tensor.</returns>
    (Tensor[] Parameters, OptimizerState State, Tensor Loss) Step(IReadOnlyList<Tensor> parameters, OptimizerState state, LossWithGradient objective, double learningRate);
}
