namespace Inr;

/// <summary>A target function that is a sum of features with free coefficients: f(x) = Φ(x)·C, with C of shape [F,c].</summary>
/// <remarks>
/// The features depend on the other parameters of θ alone, and all channels share them. What is known about C (least squares,
/// a Gaussian prior, its uncertainty) is then found by linear algebra, by whoever asks for the features. A target with a last
/// dense layer says so by <see cref="ILastLayerFeatures"/>.
/// </remarks>
public interface ILinearFeatures : ILinearInParameters
{
    /// <summary>The number of features F.</summary>
    long FeatureCount { get; }

    /// <summary>Whether the features are orthonormal on a grid of cell centres: ΦᵀΦ = N·I, for every θ.</summary>
    /// <param name="shape">Samples on each axis.</param>
    bool IsOrthonormalOn(IReadOnlyList<int> shape) => false;

    /// <summary>The sign that each feature takes when the domain is mirrored along an axis, x_a → −x_a; null where it becomes another function.</summary>
    /// <param name="axis">The axis a.</param>
    /// <returns>Shape [F] of ±1 on the CPU, or null.</returns>
    Tensor? ReflectionSigns(int axis) => null;

    /// <summary>The features at places.</summary>
    /// <param name="parameters">θ without a batch axis; its coefficients do not count.</param>
    /// <param name="coordinates">Shape [N,d].</param>
    /// <returns>Shape [N,F].</returns>
    Tensor LinearFeatures(ParameterSet parameters, Tensor coordinates);

    /// <summary>Φ·C on a grid of cell centres.</summary>
    /// <param name="parameters">θ without a batch axis; its coefficients do not count.</param>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="coefficients">C; shape [B,F,c].</param>
    /// <returns>Shape [B,N,c] in row-major order.</returns>
    Tensor RenderLinear(ParameterSet parameters, IReadOnlyList<int> shape, Tensor coefficients) =>
        LinearFeatureGrids.Render(this, parameters, shape, coefficients);

    /// <summary>Φᵀ·Y on a grid of cell centres: the adjoint of <see cref="RenderLinear"/>.</summary>
    /// <param name="parameters">θ without a batch axis; its coefficients do not count.</param>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="values">Y; shape [B,N,c].</param>
    /// <returns>Shape [B,F,c].</returns>
    Tensor ProjectLinear(ParameterSet parameters, IReadOnlyList<int> shape, Tensor values) =>
        LinearFeatureGrids.Project(this, parameters, shape, values);

    /// <summary>θ with these coefficients.</summary>
    /// <param name="parameters">θ without a batch axis, which gives the other parameters.</param>
    /// <param name="coefficients">C; shape [B,F,c].</param>
    /// <returns>θ with a batch axis B.</returns>
    ParameterSet WithLinear(ParameterSet parameters, Tensor coefficients);
}
