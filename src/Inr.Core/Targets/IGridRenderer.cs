namespace Inr;

/// <summary>A target function that renders a whole grid faster than point by point.</summary>
public interface IGridRenderer : ITargetFunction
{
    /// <summary>Evaluates the function on a grid of cell centres over [-1,1]^d.</summary>
    /// <param name="parameters">θ without a batch axis.</param>
    /// <param name="shape">Samples on each axis.</param>
    /// <returns>Shape [N,c] in row-major order: the same numbers as <see cref="ITargetFunction.Evaluate"/>, up to rounding.</returns>
    Tensor RenderGrid(ParameterSet parameters, ReadOnlySpan<int> shape);
}
