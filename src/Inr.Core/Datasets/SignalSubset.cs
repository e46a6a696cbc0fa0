namespace Inr;

/// <summary>Some of the signals of a data set, loaded from it.</summary>
internal sealed class SignalSubset(ISignalDataset whole, int[] indices) : ISignalDataset
{
    /// <inheritdoc/>
    public int Count => indices.Length;

    /// <inheritdoc/>
    public string GetName(int index) => whole.GetName(indices[index]);

    /// <inheritdoc/>
    public Signal Load(int index) => whole.Load(indices[index]);
}
