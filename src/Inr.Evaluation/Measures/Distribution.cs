namespace Inr.Evaluation;

/// <summary>The values of one measure over several signals, and what describes them.</summary>
public sealed class Distribution
{
    private readonly double[] _sorted;

    /// <summary>Creates the distribution of some values.</summary>
    /// <param name="values">At least one; infinite ones are allowed, NaN is not.</param>
    /// <exception cref="ArgumentException">There is no value, or one is NaN.</exception>
    public Distribution(IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _sorted = [.. values.Order()];
        if (_sorted.Length == 0)
            throw new ArgumentException("A distribution needs at least one value.", nameof(values));
        if (double.IsNaN(_sorted[0]))
            throw new ArgumentException("A value is NaN.", nameof(values));
    }

    /// <summary>The values, smallest first.</summary>
    public IReadOnlyList<double> Values => _sorted;

    /// <summary>The number of values.</summary>
    public int Count => _sorted.Length;

    /// <summary>The arithmetic mean; infinite where a value is.</summary>
    public double Mean => _sorted.Average();

    /// <summary>The smallest value.</summary>
    public double Min => _sorted[0];

    /// <summary>The largest value.</summary>
    public double Max => _sorted[^1];

    /// <summary>The middle value, or the mean of the two middle ones.</summary>
    public double Median => Quantile(0.5);

    /// <summary>The square root of the unbiased variance; 0 for one value, NaN where a value is infinite.</summary>
    public double StandardDeviation
    {
        get
        {
            double mean = Mean;
            return Count == 1 ? 0 : Math.Sqrt(_sorted.Sum(x => (x - mean) * (x - mean)) / (Count - 1));
        }
    }

    /// <summary>The distribution of the values that are there; null where there is none.</summary>
    public static Distribution? OfPresent(IEnumerable<double?> values)
    {
        double[] present = [.. values.OfType<double>()];
        return present.Length == 0 ? null : new Distribution(present);
    }

    /// <summary>The value below which a share of the values lies, interpolated between neighbours (the usual definition, "type 7").</summary>
    /// <param name="share">In [0,1].</param>
    public double Quantile(double share)
    {
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies in [0,1].");
        double place = share * (Count - 1);
        int below = (int)place;
        double between = place - below;
        // Infinite neighbours have no difference.
        return between == 0 || _sorted[below] == _sorted[below + 1]
            ? _sorted[below]
            : _sorted[below] + ((_sorted[below + 1] - _sorted[below]) * between);
    }
}
