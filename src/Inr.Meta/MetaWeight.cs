namespace Inr;

/// <summary>One named tensor that meta-training learns.</summary>
/// <param name="Name">A name unique in its learner, such as <c>theta.0.weight</c>.</param>
/// <param name="Tensor">A leaf that requires gradients; its owner keeps it, and training changes it in place.</param>
/// <param name="RateScale">A factor of the learning rate for this tensor; 0 for one that is stored with the others but not trained.</param>
public sealed record MetaWeight(string Name, Tensor Tensor, double RateScale = 1)
{
    /// <summary>Whether training changes the tensor.</summary>
    public bool IsTrained => RateScale != 0;
}
