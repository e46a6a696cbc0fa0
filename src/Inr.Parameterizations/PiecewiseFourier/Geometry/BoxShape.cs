namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The shape of a box of 1 to 3 axes as a key of tables; an axis that is not there has the size 0.</summary>
internal readonly record struct BoxShape(int First, int Second, int Third)
{
    /// <summary>The key of a shape.</summary>
    public static BoxShape Of(ReadOnlySpan<int> shape) => new(shape[0], shape.Length > 1 ? shape[1] : 0, shape.Length > 2 ? shape[2] : 0);

    /// <summary>Samples on each axis.</summary>
    public int[] ToArray() => Third > 0 ? [First, Second, Third] : Second > 0 ? [First, Second] : [First];
}
