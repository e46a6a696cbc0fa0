using Inr.Meta;

namespace Inr.Studies.Matrix;

/// <summary>A family of target functions as the matrix uses it: what gradients fit, what a closed form fits, and what is swept.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Title">The heading.</param>
internal sealed record MatrixFamily(string Name, string Title)
{
    /// <summary>The target that gradients and learners use; null where there is none. The number is the swept one.</summary>
    public Func<double, TargetEntry>? Iterative { get; init; }

    /// <summary>What the swept number is called.</summary>
    public string Swept { get; init; } = "";

    /// <summary>The values of the sweep; the first is the family's usual one.</summary>
    public Func<MatrixData, double[]> SweptValues { get; init; } = _ => [0];

    /// <summary>The learning rates of the sweep; the first is the family's usual one.</summary>
    public double[] Rates { get; init; } = [];

    /// <summary>The inner step sizes that MAML and Reptile choose from.</summary>
    public double[] InnerRates { get; init; } = [1e-2, 1e-1, 1];

    /// <summary>How a transformer changes the shared weights. Sine layers do not bear weights of norm 1.</summary>
    public WeightUpdateRule UpdateRule { get; init; } = WeightUpdateRule.Normalize;

    /// <summary>Whether learners start from the coefficients of the mean signal: the function itself has no offset to start from.</summary>
    public bool StartsFromMean { get; init; }

    /// <summary>Whether it has dense layers, whose biases a latent can shift.</summary>
    public bool HasLayers { get; init; } = true;

    /// <summary>The closed form within a budget; null where there is none.</summary>
    public Func<MatrixData, MatrixContext, int, ISignalFitter>? ClosedForm { get; init; }

    /// <summary>Whether the closed form needs samples that fill a grid.</summary>
    public bool ClosedFormNeedsGrid { get; init; }

    /// <summary>Why a pairing makes no sense; null where it does.</summary>
    public string? ReasonAgainst(MatrixColumn column, MatrixContext context)
    {
        if (column == MatrixColumn.ClosedForm)
        {
            return ClosedForm is null ? "only its last layer is linear"
                : ClosedFormNeedsGrid && context.IsSparse ? "needs samples that fill a grid"
                : null;
        }

        if (Iterative is null)
            return column == MatrixColumn.Scratch ? "its fit is the closed form" : "its layout belongs to one signal, so signals share nothing to learn";
        return column == MatrixColumn.Modulation && !HasLayers ? "no dense layers whose biases a latent could shift" : null;
    }
}
