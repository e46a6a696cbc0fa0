namespace Inr.Meta;

/// <summary>What a set of places says about the components: A = Φ·basis·√variance by its singular values and right vectors.</summary>
internal sealed class SampleSystem : IDisposable
{
    private const double Negligible = 1e-12;

    private SampleSystem(Tensor spectrum, Tensor? directions)
    {
        Spectrum = spectrum.MoveToOuterDisposeScope();
        Directions = directions?.MoveToOuterDisposeScope();
    }

    /// <summary>Eigenvalues s of AᵀA; shape [r], float64.</summary>
    public Tensor Spectrum { get; }

    /// <summary>Their eigenvectors; shape [n,r], float32. Null for the unit vectors.</summary>
    public Tensor? Directions { get; }

    /// <summary>The system of a grid on which the features and the basis are orthonormal.</summary>
    public static SampleSystem Orthonormal(GaussianPrior prior, long samples)
    {
        using var scope = NewDisposeScope();
        return new SampleSystem(prior.Variances.to(float64) * samples, null);
    }

    /// <summary>The system of any places.</summary>
    /// <param name="rows">A; shape [M,n].</param>
    public static SampleSystem Of(Tensor rows)
    {
        using var scope = NewDisposeScope();
        bool wide = rows.shape[0] < rows.shape[1];
        if (rows.shape[0] == 0)
            return new SampleSystem(zeros([0], float64, rows.device), zeros([rows.shape[1], 0], rows.dtype, rows.device));
        var turned = rows.transpose(0, 1);
        var (values, vectors) = linalg.eigh((wide ? rows.mm(turned) : turned.mm(rows)).to(float64));
        if (!wide)
            return new SampleSystem(values.clamp_min(0), vectors.to(rows.dtype));
        // What is numerically zero gives no direction.
        var kept = values.gt(values.max() * Negligible).nonzero().squeeze(1);
        values = values.index_select(0, kept);
        return new SampleSystem(values, turned.mm(vectors.index_select(1, kept).to(rows.dtype)) / values.sqrt().to(rows.dtype));
    }

    /// <summary>Takes it out of every dispose scope.</summary>
    /// <returns>This system.</returns>
    public SampleSystem Detach()
    {
        Spectrum.DetachFromDisposeScope();
        Directions?.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Spectrum.Dispose();
        Directions?.Dispose();
    }
}
