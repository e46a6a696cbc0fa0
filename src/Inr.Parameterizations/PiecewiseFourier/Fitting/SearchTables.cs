using System.Collections.Concurrent;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The tables of one fit: held for as long as it lasts, whatever the process keeps of them afterwards.</summary>
internal sealed class SearchTables
{
    private readonly ConcurrentDictionary<BoxShape, PrefixOrders> _orders = new();
    private readonly ConcurrentDictionary<BoxShape, CutDictionary> _cuts = new();
    private readonly int _channels;
    private readonly FitMonitor _monitor;

    /// <param name="channels">The channels of the signal.</param>
    /// <param name="monitor">The threads and the token of the fit.</param>
    public SearchTables(int channels, FitMonitor monitor)
    {
        _channels = channels;
        _monitor = monitor;
    }

    /// <summary>The orders of the terms of a box.</summary>
    public PrefixOrders Orders(int[] shape)
    {
        var key = BoxShape.Of(shape);
        return _orders.TryGetValue(key, out var orders) ? orders : _orders.GetOrAdd(key, PrefixOrders.Get(shape, _channels, _monitor.Cancellation));
    }

    /// <summary>The cuts of a box.</summary>
    public CutDictionary Cuts(int[] shape)
    {
        var key = BoxShape.Of(shape);
        return _cuts.TryGetValue(key, out var cuts) ? cuts : _cuts.GetOrAdd(key, CutDictionary.Get(shape, _monitor));
    }
}
