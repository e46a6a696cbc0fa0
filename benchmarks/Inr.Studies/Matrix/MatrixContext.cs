
namespace Inr.Studies.Matrix;

/// <summary>What fitters and learners see of a signal.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Title">The heading.</param>
/// <param name="Context">What the evaluation draws.</param>
internal sealed record MatrixContext(string Name, string Title, SignalContext Context)
{
    private const double SparseShare = 0.1;
    private const double NoiseLevel = 25;

    /// <summary>All of them; the first is what learners are first trained on.</summary>
    public static IReadOnlyList<MatrixContext> All { get; } =
    [
        new("full", "the whole signal", SignalContext.Full),
        new("sparse", "10 % of the samples", SignalContext.Sparse(SparseShare)),
        new("noisy", "all samples, noise of σ = 25/255", SignalContext.Noisy(NoiseLevel)),
    ];

    /// <summary>Whether samples are missing.</summary>
    public bool IsSparse => Context.Fraction < 1;

    /// <summary>Whether the samples are noisy.</summary>
    public bool IsNoisy => Context.Noise > 0;
}
