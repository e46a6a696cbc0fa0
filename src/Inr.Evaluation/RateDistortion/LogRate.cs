namespace Inr.Evaluation;

/// <summary>The natural logarithm of the rate of a curve as a function of the PSNR: a monotone piecewise cubic.</summary>
internal sealed class LogRate
{
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _slopes;

    private LogRate(double[] x, double[] y)
    {
        _x = x;
        _y = y;
        _slopes = x.Length > 1 ? Slopes(x, y) : [];
    }

    /// <summary>The number of points that are used.</summary>
    public int Count => _x.Length;

    /// <summary>The lowest PSNR.</summary>
    public double Low => _x[0];

    /// <summary>The highest PSNR.</summary>
    public double High => _x[^1];

    /// <summary>The function of a curve. A point that needs more bits than another one for no more PSNR is left out.</summary>
    public static LogRate Of(IReadOnlyList<RatePoint> curve)
    {
        var kept = new List<RatePoint>();
        foreach (var point in curve.Where(p => double.IsFinite(p.Psnr) && p.BitsPerSample > 0).OrderBy(p => p.BitsPerSample).ThenByDescending(p => p.Psnr))
        {
            if (kept.Count == 0 || (point.Psnr > kept[^1].Psnr && point.BitsPerSample > kept[^1].BitsPerSample))
                kept.Add(point);
        }

        return new LogRate([.. kept.Select(p => p.Psnr)], [.. kept.Select(p => Math.Log(p.BitsPerSample))]);
    }

    /// <summary>The integral between two PSNRs of the curve.</summary>
    public double Integral(double low, double high)
    {
        double sum = 0;
        for (int i = 0; i + 1 < _x.Length; i++)
        {
            double from = Math.Max(low, _x[i]), to = Math.Min(high, _x[i + 1]);
            if (to > from)
                sum += Antiderivative(i, to) - Antiderivative(i, from);
        }

        return sum;
    }

    // Of the Hermite cubic of interval i: y + d·s + c·s² + b·s³ with s = x − x_i.
    private double Antiderivative(int i, double at)
    {
        double h = _x[i + 1] - _x[i], s = at - _x[i], delta = (_y[i + 1] - _y[i]) / h;
        double c = ((3 * delta) - (2 * _slopes[i]) - _slopes[i + 1]) / h;
        double b = (_slopes[i] - (2 * delta) + _slopes[i + 1]) / (h * h);
        return s * (_y[i] + (s * ((_slopes[i] / 2) + (s * ((c / 3) + (s * b / 4))))));
    }

    // Inside, the weighted harmonic mean of the slopes of the two intervals, 0 where they differ in sign.
    private static double[] Slopes(double[] x, double[] y)
    {
        int last = x.Length - 1;
        double[] h = [.. Enumerable.Range(0, last).Select(i => x[i + 1] - x[i])];
        double[] delta = [.. Enumerable.Range(0, last).Select(i => (y[i + 1] - y[i]) / h[i])];
        if (last == 1)
            return [delta[0], delta[0]];
        var slopes = new double[x.Length];
        for (int i = 1; i < last; i++)
        {
            if (delta[i - 1] * delta[i] <= 0)
                continue;
            double before = (2 * h[i]) + h[i - 1], after = h[i] + (2 * h[i - 1]);
            slopes[i] = (before + after) / ((before / delta[i - 1]) + (after / delta[i]));
        }

        slopes[0] = End(h[0], h[1], delta[0], delta[1]);
        slopes[last] = End(h[last - 1], h[last - 2], delta[last - 1], delta[last - 2]);
        return slopes;
    }

    // The slope at the end of the parabola through three points, as far as that keeps the order.
    private static double End(double h0, double h1, double delta0, double delta1)
    {
        double slope = ((((2 * h0) + h1) * delta0) - (h0 * delta1)) / (h0 + h1);
        if (slope * delta0 <= 0)
            return 0;
        return delta0 * delta1 <= 0 && Math.Abs(slope) > 3 * Math.Abs(delta0) ? 3 * delta0 : slope;
    }
}
