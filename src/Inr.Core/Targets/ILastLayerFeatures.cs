namespace Inr;

/// <summary>A target function that ends in one dense layer on features h(x): f = W·h + b + offset, or sigmoid(W·h + b).</summary>
/// <remarks>
/// Such a target says what its features and its last layer are; all else follows. Evaluation is
/// <see cref="LastLayerExtensions.EvaluateByFeatures"/>. Where nothing but an offset follows the layer
/// (<see cref="LastLayer.IsLinear"/>) the function is linear in it, and <see cref="LastLayerExtensions.SolveLastLayer"/>
/// finds it by least squares; behind a sigmoid it is not, <see cref="ILinearInParameters.LinearParameters"/> is empty and
/// the solve refuses. Who needs the features for more than one thing (to solve the last layer and to see what it gives)
/// computes them once.
/// </remarks>
public interface ILastLayerFeatures : ILinearInParameters
{
    /// <summary>The last layer.</summary>
    LastLayer LastLayer { get; }

    /// <summary>The features h(x): what the last layer sees.</summary>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="coordinates">Shape [N,d] or [B,N,d].</param>
    /// <returns>Shape [N,m] or [B,N,m]; differentiable.</returns>
    Tensor Features(ParameterSet parameters, Tensor coordinates);

    /// <inheritdoc/>
    Tensor ITargetFunction.Evaluate(ParameterSet parameters, Tensor coordinates) => this.EvaluateByFeatures(parameters, coordinates);

    /// <inheritdoc/>
    IReadOnlyList<string> ILinearInParameters.LinearParameters => LastLayer.LinearParameters;

    /// <inheritdoc/>
    ParameterSet ILinearInParameters.SolveLinear(ParameterSet parameters, Tensor coordinates, Tensor values, double ridge, Tensor? mask) =>
        this.SolveByFeatures(parameters, coordinates, values, ridge, mask);
}
