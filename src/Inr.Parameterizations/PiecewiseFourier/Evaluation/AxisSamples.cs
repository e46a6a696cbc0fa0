namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Where the rendered samples of an axis lie, in samples of the fitted grid.</summary>
/// <param name="Step">Fitted samples per rendered sample.</param>
/// <param name="Origin">The beginning of the window.</param>
/// <param name="Fitted">Samples of the fitted grid.</param>
/// <param name="Count">Rendered samples of the window.</param>
internal readonly record struct AxisSamples(double Step, double Origin, int Fitted, int Count)
{
    /// <summary>The samples of a window.</summary>
    /// <param name="fitted">Samples of the fitted grid.</param>
    /// <param name="count">Rendered samples.</param>
    /// <param name="low">The beginning of the window, −1 for that of the domain.</param>
    /// <param name="high">Its end, 1 for that of the domain.</param>
    public static AxisSamples Of(int fitted, int count, double low, double high) =>
        new(fitted * ((high - low) / 2) / count, fitted * ((low + 1) / 2), fitted, count);

    /// <summary>Whether the samples are those of the fitted grid.</summary>
    public bool IsAligned => Step == 1 && Origin == 0;

    /// <summary>The position of a sample.</summary>
    public double Position(int sample) => ((sample + 0.5) * Step) + Origin;

    /// <summary>The samples of an interval of the fitted grid: it is half open, and the outermost ones go on beyond the domain.</summary>
    /// <returns>The first sample, and the one after the last.</returns>
    public (int First, int End) Interval(int start, int side) =>
        (start == 0 ? 0 : Crossing(start), start + side >= Fitted ? Count : Crossing(start + side));

    // The first sample at or beyond a boundary.
    private int Crossing(int boundary) => (int)Math.Clamp(Math.Ceiling(((boundary - Origin) / Step) - 0.5), 0, Count);
}
