namespace Inr.Losses;

/// <summary>What a fit lowers: the mean pointwise error of what is observed, and further terms.</summary>
/// <remarks>
/// <c>L(θ) = mean over samples and channels of error(observe(f_θ, place), value) + Σ weight·term(f_θ)</c>. A description:
/// <see cref="LossFunction"/> computes it for a target. The default is the mean squared error of the function's values.
/// </remarks>
public sealed record Loss
{
    /// <summary>The mean squared error of samples: what is lowered where nobody says otherwise.</summary>
    public static Loss MeanSquaredError { get; } = new();

    /// <summary>How far a predicted number is from an observed one.</summary>
    /// <value>The default is <see cref="PointwiseError.Squared"/>.</value>
    public PointwiseError Error { get; init; } = PointwiseError.Squared;

    /// <summary>What is seen of the function at a place.</summary>
    /// <value>The default is <see cref="Observation.Field"/>: its values.</value>
    public Observation Observation { get; init; } = Observation.Field;

    /// <summary>What is known of the function without an observation, such as <see cref="LossTerm.Eikonal"/>.</summary>
    /// <value>The default is empty.</value>
    public IReadOnlyList<LossTerm> Terms { get; init; } = [];

    /// <summary>Who is asked first for the squared error of samples and its gradient: an engine that knows many targets.</summary>
    /// <value>The default is null: the target itself, where it is an <see cref="ILossKernel"/>; then autograd.</value>
    public ILossKernel? Kernel { get; init; }

    /// <summary>Whether the error is the squared one, so that PSNR follows from its mean.</summary>
    public bool IsSquared => ReferenceEquals(Error, PointwiseError.Squared);

    /// <summary>Whether two looks at the same θ with different random streams may differ.</summary>
    public bool IsRandom => Terms.Count > 0 || Observation.IsRandom;

    /// <summary>Whether this is the plain mean squared error of the function's values, which a least-squares solve and a kernel can take.</summary>
    internal bool IsLeastSquares => IsSquared && ReferenceEquals(Observation, Observation.Field);
}
