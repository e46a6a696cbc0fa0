namespace Inr.Meta;

/// <summary>A dictionary of a pickle, in its order. An empty one costs next to nothing, for a file may hold many.</summary>
internal sealed class PickledDictionary
{
    private static readonly object NoneKey = new PickledOpaque("None");

    private Dictionary<object, object?>? _items;
    private List<object>? _keys;

    /// <summary>The keys in the order of the file.</summary>
    public IReadOnlyList<object> Keys => _keys ?? (IReadOnlyList<object>)[];

    /// <summary>The value of a key, or null.</summary>
    public object? this[string key] => _items?.GetValueOrDefault(key);

    /// <summary>Adds an item. Keys that are neither text nor numbers are told apart as objects.</summary>
    /// <exception cref="FormatException">The key occurs twice.</exception>
    public void Add(object? key, object? value)
    {
        _items ??= new Dictionary<object, object?>(PickleKeys.Instance);
        _keys ??= [];
        object name = key ?? NoneKey;
        if (!_items.TryAdd(name, value))
            throw new FormatException($"the key {Files.InputFile.Quote(name.ToString())} occurs twice.");
        _keys.Add(name);
    }
}
