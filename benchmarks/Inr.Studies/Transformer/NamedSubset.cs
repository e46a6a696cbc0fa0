namespace Inr.Studies;

/// <summary>The signals of a data set whose names are chosen, in their order.</summary>
internal sealed class NamedSubset : ISignalDataset
{
    private readonly ISignalDataset _whole;
    private readonly int[] _indices;

    /// <param name="whole">The data set.</param>
    /// <param name="isChosen">Says of a name whether its signal belongs to the subset.</param>
    public NamedSubset(ISignalDataset whole, Func<string, bool> isChosen)
    {
        _whole = whole;
        _indices = [.. Enumerable.Range(0, whole.Count).Where(i => isChosen(whole.GetName(i)))];
    }

    /// <inheritdoc/>
    public int Count => _indices.Length;

    /// <inheritdoc/>
    public string GetName(int index) => _whole.GetName(_indices[index]);

    /// <inheritdoc/>
    public Signal Load(int index) => _whole.Load(_indices[index]);
}
