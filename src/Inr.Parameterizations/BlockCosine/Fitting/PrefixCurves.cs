namespace Inr.Parameterizations;

/// <summary>For each of some ordered spectra, the prefix lengths that are the best ones at some price of a number.</summary>
/// <remarks>
/// At a price λ the best length n minimizes (energy left after n terms) + λ·n: a corner of the lower convex hull of the
/// points (n, energy left). A hull has a dozen corners where a spectrum has hundreds of terms, so spectra need not be kept.
/// </remarks>
internal sealed class PrefixCurves
{
    private readonly List<int> _lengths = [];
    private readonly List<double> _errors = [];
    private readonly List<int> _starts = [];

    /// <summary>How many curves.</summary>
    public int Count => _starts.Count;

    /// <summary>Starts the next curve.</summary>
    /// <param name="energy">The energy of the whole spectrum: what is left after no term.</param>
    public void Begin(double energy)
    {
        _starts.Add(_lengths.Count);
        _lengths.Add(0);
        _errors.Add(energy);
    }

    /// <summary>Adds the next prefix to the last curve.</summary>
    /// <param name="length">Its length.</param>
    /// <param name="left">The energy that it leaves.</param>
    public void Add(int length, double left)
    {
        int start = _starts[^1], last = _lengths.Count - 1;
        // Corners that lie on or above the line from the one before them to the new point are none.
        while (last > start && (_errors[last] - _errors[last - 1]) * (length - _lengths[last - 1]) >= (left - _errors[last - 1]) * (_lengths[last] - _lengths[last - 1]))
        {
            _lengths.RemoveAt(last);
            _errors.RemoveAt(last);
            last--;
        }

        _lengths.Add(length);
        _errors.Add(left);
    }

    /// <summary>Gives back what the lists hold in reserve.</summary>
    public void Trim()
    {
        _lengths.TrimExcess();
        _errors.TrimExcess();
        _starts.TrimExcess();
    }

    /// <summary>The best prefix of a curve.</summary>
    /// <param name="curve">The curve.</param>
    /// <param name="price">λ.</param>
    /// <returns>Its length and the energy that it leaves.</returns>
    public (int Length, double Error) Best(int curve, double price)
    {
        int start = _starts[curve], end = curve + 1 < _starts.Count ? _starts[curve + 1] : _lengths.Count, best = start;
        double least = _errors[start];
        for (int i = start + 1; i < end; i++)
        {
            double cost = _errors[i] + (price * _lengths[i]);
            if (cost < least)
                (least, best) = (cost, i);
        }

        return (_lengths[best], best == start ? _errors[best] : Math.Max(0, _errors[best]));
    }
}
