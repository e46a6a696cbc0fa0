namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Where the samples of a rendered grid lie on an axis, in samples of the coded one.</summary>
internal sealed class AxisPlaces
{
    private readonly double[] _places;
    private readonly int[] _cells;

    private AxisPlaces(double[] places, int count)
    {
        _places = places;
        _cells = [.. places.Select(p => (int)Math.Clamp(p, 0, count - 1))];
    }

    /// <summary>The cell centres of a window.</summary>
    /// <param name="count">Samples to render.</param>
    /// <param name="window">The interval in [-1,1], or beyond.</param>
    /// <param name="coded">Samples of the coded grid.</param>
    public static AxisPlaces Of(int count, (double Low, double High) window, int coded) => new(
        [.. Enumerable.Range(0, count).Select(i => (window.Low + ((window.High - window.Low) * ((2 * i) + 1) / (2.0 * count)) + 1) * coded / 2)], coded);

    /// <summary>The place of a sample.</summary>
    public double At(int index) => _places[index];

    /// <summary>The samples that lie from one coded sample up to another; what lies outside of all belongs to the outermost ones.</summary>
    public (int First, int Count) Within(int first, int end)
    {
        int low = Array.FindIndex(_cells, c => c >= first);
        if (low < 0 || _cells[low] >= end)
            return (0, 0);
        int high = low;
        while (high < _cells.Length && _cells[high] < end)
            high++;
        return (low, high - low);
    }
}
