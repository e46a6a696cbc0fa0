namespace Inr;

/// <summary>An architecture f_θ : R^d → R^c. It owns no parameters and keeps no state: θ comes with every call.</summary>
/// <remarks>
/// Hypernetworks generate θ, gradient meta-learners differentiate through updates of θ, quantizers transform θ; none of
/// them could if the function held "its weights". An implementation is immutable and safe to use from several threads.
/// What depends on θ alone is prepared in <see cref="Bind"/>; a target that can draw a θ is an <see cref="ITrainableTarget"/>.
/// <c>docs/adding-a-target-function.md</c> shows one in a single file.
/// </remarks>
public interface ITargetFunction
{
    /// <summary>The number of coordinates d.</summary>
    int InputDimension { get; }

    /// <summary>The number of values c.</summary>
    int OutputDimension { get; }

    /// <summary>The tensors that make up θ.</summary>
    ParameterLayout Layout { get; }

    /// <summary>The kind and the options from which <see cref="TargetRegistry"/> rebuilds this function.</summary>
    TargetDescription Description { get; }

    /// <summary>Evaluates the function, or B functions at once.</summary>
    /// <param name="parameters">θ of this layout, with or without a batch axis B.</param>
    /// <param name="coordinates">Shape [N,d], or [B,N,d].</param>
    /// <returns>Shape [N,c] where neither has a batch axis, else [B,N,c]. Differentiable in θ and in the coordinates.</returns>
    /// <exception cref="ArgumentException">The layout or a shape does not fit; the message prints both.</exception>
    Tensor Evaluate(ParameterSet parameters, Tensor coordinates);

    /// <summary>Prepares one θ for evaluation: points, grids, windows and derivatives in x, without gradients in θ.</summary>
    /// <param name="parameters">θ of this layout, without a batch axis; the caller keeps it, and later changes of it are not followed.</param>
    /// <returns>The function of this θ; the caller owns it. By default every chunk is a call of <see cref="Evaluate"/>.</returns>
    /// <exception cref="ArgumentException">The layout differs or θ has a batch axis.</exception>
    BoundFunction Bind(ParameterSet parameters) => new EvaluatedFunction(this, parameters);
}
