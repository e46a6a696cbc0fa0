using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>One region of a chosen leaf: how much each of its terms explains, and the terms picked for a price.</summary>
internal sealed class RegionFit
{
    /// <summary>How far sums of gains may be off, as a share of the energy: far above what rounding does.</summary>
    private const double Rounding = 1e-9;

    private readonly int[] _terms;
    private readonly double[] _gains;
    private readonly double _total;

    /// <param name="terms">Terms (channel·P + frequency) in the order of the leaf, at least as many as gains.</param>
    /// <param name="gains">The energy that each explains beyond those before it.</param>
    /// <param name="total">The energy of the region.</param>
    public RegionFit(int[] terms, double[] gains, double total)
    {
        _terms = terms;
        _gains = gains;
        _total = total;
        Error = total;
    }

    /// <summary>The chosen prefix length.</summary>
    public int Prefix { get; private set; }

    /// <summary>The chosen single terms outside the prefix, in the order of the leaf.</summary>
    public List<int> Extras { get; } = [];

    /// <summary>The energy that the choice leaves.</summary>
    public double Error { get; private set; }

    /// <summary>The terms of the choice: the prefix, then the extras.</summary>
    public int[] Chosen => [.. _terms.AsSpan(0, Prefix), .. Extras];

    /// <summary>The longer prefix that gains most per number.</summary>
    /// <param name="floats">The numbers that may be spent.</param>
    /// <returns>The gain per number (0 where nothing fits), the new prefix length and its price in numbers.</returns>
    public (double Gain, int Prefix, int Floats) BestExtension(int floats)
    {
        (double Gain, int Prefix, int Floats) best = (0, Prefix, 0);
        var extras = Extras.ToHashSet();
        double gain = 0;
        int spent = 0;
        for (int n = Prefix; n < _gains.Length && spent <= floats; n++)
        {
            // A single term that the prefix reaches gives its index and its coefficient back.
            bool absorbed = extras.Contains(_terms[n]);
            spent += absorbed ? -1 : 1;
            gain += absorbed ? 0 : _gains[n];
            if (spent > 0 && spent <= floats && gain / spent > best.Gain)
                best = (gain / spent, n + 1, spent);
        }

        return best;
    }

    /// <summary>Lengthens the prefix.</summary>
    public void Extend(int prefix)
    {
        for (int n = Prefix; n < prefix; n++)
        {
            if (!Extras.Remove(_terms[n]))
                Error -= _gains[n];
        }

        Error = Math.Max(0, Error);
        Prefix = prefix;
    }

    /// <summary>Chooses the prefix, and the single terms where they are allowed, that minimize error + λ·floats.</summary>
    /// <param name="price">λ.</param>
    /// <param name="withExtras">Whether terms outside the prefix may be kept at two numbers each.</param>
    /// <returns>The lowest error + λ·(coefficients and indices), without the overhead of the leaf.</returns>
    public double Choose(double price, bool withExtras)
    {
        double skip = withExtras ? 2 * price : double.PositiveInfinity;
        double outside = _total;
        // Only terms above the price of a single one change a sum: the others are passed over without touching it.
        if (withExtras)
        {
            for (int n = Above(skip, 0); n < _gains.Length; n = Above(skip, n + 1))
                outside -= _gains[n] - skip;
        }

        // Nothing longer can pay once the length alone costs more than the best choice, rounding included.
        double best = outside, slack = Rounding * _total;
        Prefix = 0;
        for (int n = 1; n <= _gains.Length && price * n <= best + slack; n++)
        {
            outside -= Math.Min(_gains[n - 1], skip);
            if (outside + (price * n) < best)
                (best, Prefix) = (outside + (price * n), n);
        }

        Error = _total;
        Extras.Clear();
        for (int n = 0; n < Prefix; n++)
            Error -= _gains[n];
        if (withExtras)
        {
            for (int n = Above(skip, Prefix); n < _gains.Length; n = Above(skip, n + 1))
            {
                Extras.Add(_terms[n]);
                Error -= _gains[n];
            }
        }

        Error = Math.Max(0, Error);
        return Error + (price * (Prefix + (2 * Extras.Count)));
    }

    // The first term from a place on that explains more than a limit; the number of terms where there is none.
    private int Above(double limit, int from)
    {
        var gains = _gains.AsSpan();
        var limits = Vector512.Create(limit);
        int n = from;
        for (; n + Vector512<double>.Count <= gains.Length; n += Vector512<double>.Count)
        {
            if (Vector512.GreaterThanAny(Vector512.Create<double>(gains.Slice(n, Vector512<double>.Count)), limits))
                break;
        }

        while (n < gains.Length && !(gains[n] > limit))
            n++;
        return n;
    }
}
