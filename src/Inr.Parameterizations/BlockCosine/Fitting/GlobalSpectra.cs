using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>The spectra of one block that covers a whole signal: one channel is transformed at a time, and only what a budget can hold is kept.</summary>
internal sealed class GlobalSpectra : CosineSpectra
{
    /// <summary>Longer lines are transformed in parts.</summary>
    private const int LongLine = 1 << 20;

    /// <summary>Terms that are read between two looks at the token.</summary>
    private const int TermsAtOnce = 1 << 16;

    private readonly int[] _shape;
    private readonly PrefixCurves _curves = new();
    private readonly int[] _order;
    private readonly double[][] _terms;
    private readonly int _size;

    /// <param name="signal">A signal on a grid.</param>
    /// <param name="level">Its level.</param>
    /// <param name="budget">The numbers that prefixes may hold.</param>
    /// <param name="until">The share of the fit that is done afterwards.</param>
    /// <param name="monitor">The threads and the token of the fit.</param>
    public GlobalSpectra(Signal signal, float[] level, int budget, double until, FitMonitor monitor)
    {
        _shape = [.. signal.Domain.GridShape];
        _size = checked((int)signal.SampleCount);
        _terms = new double[signal.Channels][];
        double from = monitor.Done, share = (until - from) / (_terms.Length + 1);
        using var order = FrequencyOrder.All(_shape, from + share, monitor);
        _order = new int[Math.Min(_size, budget)];
        for (int j = 0; j < _order.Length; j++)
            _order[j] = order is null ? j : order[j];
        for (int c = 0; c < _terms.Length; c++)
        {
            double start = from + ((c + 1) * share);
            using var spectrum = Transform(signal, level, c, order, start + (0.7 * share), monitor);
            Trace(c, spectrum, start + share, monitor);
        }
    }

    /// <inheritdoc/>
    public override int Side => _shape.Max();

    /// <inheritdoc/>
    public override int Count => _terms.Length;

    /// <inheritdoc/>
    public override int Length(int spectrum) => _size;

    /// <inheritdoc/>
    public override (int Length, double Error) Best(int spectrum, double price) => _curves.Best(spectrum, price);

    /// <inheritdoc/>
    public override void Read(int spectrum, int first, Span<double> values) => _terms[spectrum].AsSpan(first, values.Length).CopyTo(values);

    /// <inheritdoc/>
    public override double Scale(int spectrum, int term) => RegionSolver.Scale(_shape, _order[term]);

    private OrderedSpectrum Transform(Signal signal, float[] level, int channel, NativeBuffer<int>? order, double until, FitMonitor monitor)
    {
        if (_shape.Length == 1 && _size > LongLine)
            return LongSpectrum.Create(signal, level, channel, until, monitor);
        var values = new NativeBuffer<double>(_size);
        try
        {
            SignalReader.Plane(signal, level, channel, monitor, (first, plane) =>
            {
                var target = values.Span(first, plane.Length);
                for (int i = 0; i < plane.Length; i++)
                    target[i] = plane[i];
            });
            GridTransform.Apply(_shape, values, until, monitor);
            return new GridSpectrum(values, order);
        }
        catch
        {
            values.Dispose();
            throw;
        }
    }

    // Twice through a spectrum: its energy, then what each prefix leaves of it.
    private void Trace(int channel, OrderedSpectrum spectrum, double until, FitMonitor monitor)
    {
        var chunk = new double[Math.Min(TermsAtOnce, _size)];
        var kept = _terms[channel] = new double[_order.Length];
        monitor.Begin(until, 2L * _size);
        double left = 0;
        for (int first = 0; first < _size; first += chunk.Length)
        {
            var terms = chunk.AsSpan(0, Math.Min(chunk.Length, _size - first));
            spectrum.Read(first, terms);
            foreach (double q in terms)
                left += q * q;
            if (first < kept.Length)
                terms[..Math.Min(terms.Length, kept.Length - first)].CopyTo(kept.AsSpan(first));
            monitor.Advance(terms.Length);
        }

        _curves.Begin(left);
        for (int first = 0; first < _size; first += chunk.Length)
        {
            var terms = chunk.AsSpan(0, Math.Min(chunk.Length, _size - first));
            spectrum.Read(first, terms);
            for (int j = 0; j < terms.Length; j++)
            {
                left -= terms[j] * terms[j];
                _curves.Add(first + j + 1, left);
            }

            monitor.Advance(terms.Length);
        }
    }
}
