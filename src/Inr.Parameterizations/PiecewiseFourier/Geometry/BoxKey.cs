namespace Inr.Piecewise;

/// <summary>The shape of a box of up to 3 axes, and a number that goes with it, as the key of a table.</summary>
internal readonly record struct BoxKey(int First, int Second, int Third, int Number)
{
    /// <summary>The key of a shape.</summary>
    /// <param name="shape">1 to 3 sides.</param>
    /// <param name="number">What else the table depends on, such as the channels.</param>
    public static BoxKey Of(ReadOnlySpan<int> shape, int number = 0) =>
        new(shape[0], shape.Length > 1 ? shape[1] : 0, shape.Length > 2 ? shape[2] : 0, number);
}
