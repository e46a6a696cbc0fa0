namespace Inr.Parameterizations.Engine;

/// <summary>φ and its derivative for vectors, as <see cref="Activation"/> has them for tensors.</summary>
internal interface IActivationKernel<TVector>
    where TVector : struct
{
    /// <summary>Whether φ is made of angles, of which large ones go to <see cref="Scalar"/>.</summary>
    static abstract bool HasAngles { get; }

    /// <summary>The largest |u| whose angle the vector functions reach; where there are angles.</summary>
    /// <param name="omega">ω.</param>
    static abstract float LargestInput(float omega);

    /// <summary>φ(u).</summary>
    /// <param name="u">ω·(W·h + b).</param>
    /// <param name="inverse">1/ω.</param>
    static abstract TVector Value(TVector u, TVector inverse);

    /// <summary>φ(u) and φ'(u).</summary>
    /// <param name="u">ω·(W·h + b).</param>
    /// <param name="inverse">1/ω.</param>
    static abstract (TVector Value, TVector Slope) ValueAndSlope(TVector u, TVector inverse);

    /// <summary>The same for one number.</summary>
    static abstract (float Value, float Slope) Scalar(float u, float inverse);
}
