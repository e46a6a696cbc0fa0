namespace Inr;

/// <summary>Signals to learn from or to evaluate on, loaded when asked for, in a fixed order.</summary>
public interface ISignalDataset
{
    /// <summary>The number of signals.</summary>
    int Count { get; }

    /// <summary>The name of a signal, such as its file name, without loading it.</summary>
    string GetName(int index);

    /// <summary>Loads a signal. The caller owns it.</summary>
    /// <exception cref="SignalLoadException">The signal cannot be read; others still can.</exception>
    Signal Load(int index);
}
