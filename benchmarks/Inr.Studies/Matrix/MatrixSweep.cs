namespace Inr.Studies.Matrix;

/// <summary>What was tried for a gradient-fitted baseline on signals of the training set, and what is used.</summary>
/// <param name="Data">The kind of signals.</param>
/// <param name="Family">The family.</param>
/// <param name="Tried">Every trial.</param>
internal sealed record MatrixSweep(string Data, string Family, IReadOnlyList<MatrixTrial> Tried)
{
    /// <summary>The best trial: the one that the baseline and the learners use.</summary>
    public MatrixTrial Best => Tried.MaxBy(t => t.Psnr)!;
}
