namespace Inr.Losses;

/// <summary>Makes θ from the tensors that an optimizer moves: themselves in their places, or whatever θ is computed from them.</summary>
/// <param name="moved">The tensors; where they have a batch axis, the rows of the functions that are asked for.</param>
/// <param name="first">The first of those functions; 0 without a batch.</param>
/// <param name="count">Their number; 1 without a batch.</param>
/// <returns>θ of those functions, with a graph to the moved tensors.</returns>
public delegate ParameterSet ParameterAssembly(IReadOnlyList<Tensor> moved, long first, long count);
