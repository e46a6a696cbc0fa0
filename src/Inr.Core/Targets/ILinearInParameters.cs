namespace Inr;

/// <summary>A target function that is linear (up to a constant) in some of its parameters, which a least-squares solve then finds at once.</summary>
public interface ILinearInParameters : ITargetFunction
{
    /// <summary>The names of those parameters.</summary>
    IReadOnlyList<string> LinearParameters { get; }

    /// <summary>Solves min ‖f_θ(x) − y‖² + ridge·‖linear part‖² for the linear parameters and keeps the others.</summary>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="coordinates">Shape [N,d] or [B,N,d].</param>
    /// <param name="values">Shape [N,c] or [B,N,c].</param>
    /// <param name="ridge">The weight of the penalty, relative to the mean diagonal of the normal equations; at least 0.</param>
    /// <param name="mask">Shape [N] or [B,N]: the weight of each sample; 1 by default.</param>
    /// <returns>θ with the solved parameters; differentiable in the others and in the values.</returns>
    ParameterSet SolveLinear(ParameterSet parameters, Tensor coordinates, Tensor values, double ridge = 1e-6, Tensor? mask = null);
}
