namespace Inr.Tests;

/// <summary>Images that a plane misses by a known amount, and one that cannot be read.</summary>
internal sealed class PlaneSignals : ISignalDataset, IDisposable
{
    public const int Side = 12;

    private readonly List<Signal?> _signals;

    /// <param name="errors">The distance of each image from the plane; NaN for an unreadable one.</param>
    public PlaneSignals(params double[] errors)
    {
        _signals = [.. errors.Select((e, i) => double.IsNaN(e) ? null : Create(e, $"plane {i}"))];
    }

    public int Count => _signals.Count;

    public string GetName(int index) => $"plane {index}";

    public Signal Load(int index)
    {
        var signal = _signals[index] ?? throw new SignalLoadException(GetName(index), "it is damaged.");
        return new Signal(signal.Coordinates.clone(), signal.Values.clone(), signal.Domain, signal.Name);
    }

    public static Signal Create(double error, string name)
    {
        using var coordinates = CoordinateGrid.Create([Side, Side]);
        using var sum = coordinates.sum(1, keepdim: true);
        using var values = sum + error;
        return Signal.FromGrid(values, [Side, Side], name);
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal?.Dispose();
    }
}
