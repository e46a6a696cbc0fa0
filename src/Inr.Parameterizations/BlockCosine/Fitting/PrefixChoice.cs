using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>The prefix of every spectrum under a budget: the price λ of a number is bisected until the lengths meet it.</summary>
internal sealed class PrefixChoice
{
    private const int Bisections = 60;

    /// <summary>Spectra that a thread takes at once.</summary>
    private const int SpectraAtOnce = 256;

    private readonly FitMonitor _monitor;
    private readonly int[] _lengths;
    private readonly double[] _errors;

    /// <param name="spectra">The spectra.</param>
    /// <param name="budget">The numbers that lengths and coefficients may take.</param>
    /// <param name="until">The share of the fit that is done afterwards.</param>
    /// <param name="monitor">The threads and the token of the fit.</param>
    public PrefixChoice(CosineSpectra spectra, int budget, double until, FitMonitor monitor)
    {
        Spectra = spectra;
        _monitor = monitor;
        _lengths = new int[spectra.Count];
        _errors = new double[spectra.Count];
        monitor.Begin(until, Bisections);
        double low = -80, high = 40;
        for (int i = 0; i < Bisections; i++)
        {
            double middle = (low + high) / 2;
            if (Choose(Math.Exp(middle)) + spectra.Count > budget)
                low = middle;
            else
                high = middle;
            monitor.Advance();
        }

        SpendRest(budget - spectra.Count - Choose(Math.Exp(high)));
    }

    /// <summary>The spectra.</summary>
    public CosineSpectra Spectra { get; }

    /// <summary>The squared error that the choice leaves.</summary>
    public double Error { get; private set; }

    /// <summary>The prefix lengths.</summary>
    public float[] Prefixes() => Array.ConvertAll(_lengths, n => (float)n);

    /// <summary>The coefficients, spectrum after spectrum.</summary>
    public float[] Coefficients()
    {
        var offsets = new int[_lengths.Length + 1];
        for (int i = 0; i < _lengths.Length; i++)
            offsets[i + 1] = checked(offsets[i] + _lengths[i]);
        var coefficients = new float[offsets[^1]];
        Parallel.For(0, (_lengths.Length + SpectraAtOnce - 1) / SpectraAtOnce, k =>
        {
            for (int i = k * SpectraAtOnce; i < Math.Min(_lengths.Length, (k + 1) * SpectraAtOnce); i++)
            {
                var terms = new double[_lengths[i]];
                Spectra.Read(i, 0, terms);
                for (int j = 0; j < terms.Length; j++)
                    coefficients[offsets[i] + j] = (float)(terms[j] * Spectra.Scale(i, j));
            }
        });
        return coefficients;
    }

    private long Choose(double price)
    {
        ForAll(i => (_lengths[i], _errors[i]) = Spectra.Best(i, price));
        Error = _errors.Sum();
        return _lengths.Sum(n => (long)n);
    }

    // Prefixes jump from one good length to the next; what the jumps leave over goes where it gains most.
    private void SpendRest(long rest)
    {
        var gains = new double[_lengths.Length];
        if (rest > 0)
            ForAll(i => gains[i] = Extension(i, rest).Gain);
        foreach (int i in Enumerable.Range(0, _lengths.Length).Where(i => gains[i] > 0).OrderByDescending(i => gains[i]))
        {
            if (rest == 0)
                break;
            _monitor.Poll();
            var (_, length, terms) = Extension(i, rest);
            int more = length - _lengths[i];
            for (int n = 0; n < more; n++)
                Error -= terms[n] * terms[n];
            rest -= more;
            _lengths[i] = length;
        }

        Error = Math.Max(0, Error);
    }

    // The longer prefix that gains most per number.
    private (double Gain, int Length, double[] Terms) Extension(int i, long floats)
    {
        double gain = 0, best = 0;
        int length = _lengths[i];
        var terms = new double[Math.Min(floats, Spectra.Length(i) - length)];
        Spectra.Read(i, length, terms);
        for (int n = 0; n < terms.Length; n++)
        {
            gain += terms[n] * terms[n];
            double ratio = gain / (n + 1);
            if (ratio > best)
                (best, length) = (ratio, _lengths[i] + n + 1);
        }

        return (best, length, terms);
    }

    private void ForAll(Action<int> body) => _monitor.For((_lengths.Length + SpectraAtOnce - 1) / SpectraAtOnce, k =>
    {
        for (int i = k * SpectraAtOnce; i < Math.Min(_lengths.Length, (k + 1) * SpectraAtOnce); i++)
            body(i);
    });
}
