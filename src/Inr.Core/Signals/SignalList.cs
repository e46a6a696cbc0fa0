namespace Inr;

/// <summary>A data set of signals that are already in memory; <see cref="Load"/> hands out copies.</summary>
public sealed class SignalList : ISignalDataset
{
    private readonly IReadOnlyList<Signal> _signals;

    /// <summary>Creates the data set; the caller keeps the signals and disposes of them.</summary>
    public SignalList(IReadOnlyList<Signal> signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        _signals = signals;
    }

    /// <inheritdoc/>
    public int Count => _signals.Count;

    /// <inheritdoc/>
    public string GetName(int index) => _signals[index].Name.Length > 0 ? _signals[index].Name : $"signal {index}";

    /// <inheritdoc/>
    public Signal Load(int index)
    {
        var signal = _signals[index];
        return signal.To(signal.Values.device);
    }
}
