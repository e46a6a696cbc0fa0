namespace Inr.Meta;

/// <summary>What a linear-Gaussian learner knows of the coefficients: C = mean + basis·z, z_j ~ N(0, variance_j), and white noise for the rest.</summary>
/// <param name="Mean">Shape [F,c].</param>
/// <param name="Basis">Shape [F,c,n].</param>
/// <param name="Variances">Shape [n], at least 0.</param>
/// <param name="Noise">Shape [1]: the mean square of a value that mean and components do not explain.</param>
internal sealed record GaussianPrior(Tensor Mean, Tensor Basis, Tensor Variances, Tensor Noise) : IDisposable
{
    /// <summary>Components n.</summary>
    public long Count => Variances.shape[0];

    /// <summary>The basis as [F·c, n].</summary>
    public Tensor Flat => Basis.reshape(-1, Count);

    /// <summary>The prior before training: all zero, unit noise.</summary>
    public static GaussianPrior Untrained(long features, long channels, long components, Device device) => new GaussianPrior(
        zeros([features, channels], float32, device),
        zeros([features, channels, components], float32, device),
        zeros([components], float32, device),
        ones([1], float32, device)).Detach();

    /// <summary>Takes the tensors out of every dispose scope.</summary>
    public GaussianPrior Detach()
    {
        foreach (var t in (Tensor[])[Mean, Basis, Variances, Noise])
            t.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Mean.Dispose();
        Basis.Dispose();
        Variances.Dispose();
        Noise.Dispose();
    }
}
