namespace Inr;

/// <summary>An architecture f_θ : R^d → R^c. It owns no parameters and keeps no state: θ comes with every call.</summary>
/// <remarks>
/// Hypernetworks generate θ, gradient meta-learners differentiate through updates of θ, quantisers transform θ; none of
/// them could if the function held "its weights". An implementation is immutable and safe to use from several threads.
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

    /// <summary>Draws an initial θ.</summary>
    /// <param name="generator">The source of randomness, on the CPU; a new one of seed 0 by default.</param>
    /// <param name="device">Where θ lives; CPU by default.</param>
    /// <returns>A set of float32 tensors without a batch axis.</returns>
    ParameterSet Initialize(Generator? generator = null, Device? device = null);

    /// <summary>Evaluates the function, or B functions at once.</summary>
    /// <param name="parameters">θ of this layout, with or without a batch axis B.</param>
    /// <param name="coordinates">Shape [N,d], or [B,N,d].</param>
    /// <returns>Shape [N,c] where neither has a batch axis, else [B,N,c]. Differentiable in θ and in the coordinates.</returns>
    /// <exception cref="ArgumentException">The layout or a shape does not fit; the message prints both.</exception>
    Tensor Evaluate(ParameterSet parameters, Tensor coordinates);
}
