
namespace Inr.Studies.Matrix;

/// <summary>Signals of one kind: those to learn from, those to judge on, and the budget that every family may spend on one.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Title">The heading.</param>
/// <param name="Floats">The float budget of a signal: a quarter of its values.</param>
/// <param name="Grid">Samples on each axis.</param>
/// <param name="Channels">Values of a sample.</param>
/// <param name="Load">From the shared folder and the number of signals to judge on.</param>
internal sealed record MatrixData(string Name, string Title, int Floats, int[] Grid, int Channels, Func<string, int, (ISignalDataset Training, ISignalDataset Test)> Load)
{
    /// <summary>The shape of a signal.</summary>
    public SignalShape Shape => new(Grid.Length, Channels);

    /// <summary>Whether the signals are images.</summary>
    public bool IsImage => Grid.Length == 2;

    /// <summary>The samples of a signal.</summary>
    public int Samples => Grid.Aggregate(1, (product, n) => product * n);
}
