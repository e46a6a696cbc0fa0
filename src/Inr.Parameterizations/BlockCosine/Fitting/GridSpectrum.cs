using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>A spectrum that was transformed in place.</summary>
internal sealed class GridSpectrum : OrderedSpectrum
{
    private readonly NativeBuffer<double> _values;
    private readonly NativeBuffer<int>? _order;

    /// <param name="values">The coefficients, row-major; the spectrum takes ownership.</param>
    /// <param name="order">The frequencies in their order, or null where row-major is the order; the caller keeps it.</param>
    public GridSpectrum(NativeBuffer<double> values, NativeBuffer<int>? order)
    {
        _values = values;
        _order = order;
    }

    /// <inheritdoc/>
    public override void Read(int first, Span<double> values)
    {
        if (_order is null)
        {
            _values.Span(first, values.Length).CopyTo(values);
            return;
        }

        var order = _order.Span(first, values.Length);
        var all = _values.Span(0, (int)_values.Length);
        for (int j = 0; j < values.Length; j++)
            values[j] = all[order[j]];
    }

    /// <inheritdoc/>
    public override void Dispose() => _values.Dispose();
}
