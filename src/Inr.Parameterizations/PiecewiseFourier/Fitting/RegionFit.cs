namespace Inr.Piecewise;

/// <summary>One region of a chosen leaf: how much each of its terms explains, and the terms picked for a price.</summary>
internal sealed class RegionFit
{
    private readonly int[] _terms;
    private readonly double[] _gains;
    private readonly double _total;

    /// <param name="terms">Terms (channel·P + frequency) in the order of the leaf.</param>
    /// <param name="gains">The energy that each explains beyond those before it.</param>
    /// <param name="total">The energy of the region.</param>
    public RegionFit(int[] terms, double[] gains, double total)
    {
        _terms = terms;
        _gains = gains;
        _total = total;
    }

    /// <summary>The chosen prefix length.</summary>
    public int Prefix { get; private set; }

    /// <summary>The chosen single terms outside the prefix, in the order of the leaf.</summary>
    public List<int> Extras { get; } = [];

    /// <summary>The energy that the choice leaves.</summary>
    public double Error { get; private set; }

    /// <summary>The terms of the choice: the prefix, then the extras.</summary>
    public int[] Chosen => [.. _terms.AsSpan(0, Prefix), .. Extras];

    /// <summary>Chooses the prefix, and the single terms where they are allowed, that minimise error + λ·floats.</summary>
    /// <param name="price">λ.</param>
    /// <param name="withExtras">Whether terms outside the prefix may be kept at two numbers each.</param>
    /// <returns>The lowest error + λ·(coefficients and indices), without the overhead of the leaf.</returns>
    public double Choose(double price, bool withExtras)
    {
        double skip = withExtras ? 2 * price : double.PositiveInfinity;
        double outside = _total;
        if (withExtras)
        {
            foreach (double g in _gains)
                outside -= Math.Max(0, g - skip);
        }

        double best = outside;
        Prefix = 0;
        for (int n = 1; n <= _gains.Length; n++)
        {
            outside -= Math.Min(_gains[n - 1], skip);
            if (outside + (price * n) < best)
                (best, Prefix) = (outside + (price * n), n);
        }

        Error = _total;
        Extras.Clear();
        for (int n = 0; n < _gains.Length; n++)
        {
            bool extra = n >= Prefix && _gains[n] > skip;
            if (extra)
                Extras.Add(_terms[n]);
            if (n < Prefix || extra)
                Error -= _gains[n];
        }

        Error = Math.Max(0, Error);
        return Error + (price * (Prefix + (2 * Extras.Count)));
    }
}
