namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Which boxes there are: whole trees of them cover the samples, and a box is halved along one axis at a time.</summary>
/// <param name="LogRootWidth">The width of the box of a tree, as a logarithm.</param>
/// <param name="LogRootHeight">The height of the box of a tree.</param>
/// <param name="LogLeastWidth">The least width.</param>
/// <param name="LogLeastHeight">The least height.</param>
internal sealed record BoxRules(int LogRootWidth, int LogRootHeight, int LogLeastWidth, int LogLeastHeight)
{
    /// <summary>The most shapes that contexts tell apart.</summary>
    public const int Shapes = 25;

    private const int LogMostAspect = 3;

    /// <summary>Pictures: 64×64 down to 4×4, sides in a ratio of 8 at the most.</summary>
    public static BoxRules Plane { get; } = new(6, 6, 2, 2);

    /// <summary>Sequences of samples: 1024 down to 16.</summary>
    public static BoxRules Line { get; } = new(10, 0, 4, 0);

    /// <summary>Whether boxes are predicted from those before them.</summary>
    public bool Predicts => LogRootHeight > 0;

    /// <summary>The rules for a grid.</summary>
    public static BoxRules For(int height) => height == 1 ? Line : Plane;

    /// <summary>Whether a box may be halved along an axis.</summary>
    public bool CanSplit(BoxPlace box, bool sideways)
    {
        int width = box.LogWidth - (sideways ? 1 : 0), height = box.LogHeight - (sideways ? 0 : 1);
        return width >= LogLeastWidth && height >= LogLeastHeight && (LogRootHeight == 0 || Math.Abs(width - height) <= LogMostAspect);
    }

    /// <summary>The number of a shape for contexts, below <see cref="Shapes"/>.</summary>
    public int Shape(int logWidth, int logHeight) => logWidth - LogLeastWidth + ((logHeight - LogLeastHeight) * (LogRootWidth - LogLeastWidth + 1));
}
