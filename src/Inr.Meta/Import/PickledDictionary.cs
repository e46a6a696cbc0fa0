namespace Inr.Meta;

/// <summary>A dictionary of a pickle, in its order; keys are strings or whole numbers.</summary>
internal sealed class PickledDictionary
{
    private readonly Dictionary<object, object?> _items = [];
    private readonly List<object> _keys = [];

    /// <summary>The keys in the order of the file.</summary>
    public IReadOnlyList<object> Keys => _keys;

    /// <summary>The value of a key, or null.</summary>
    public object? this[string key] => _items.GetValueOrDefault(key);

    /// <summary>Adds an item.</summary>
    /// <exception cref="FormatException">The key occurs twice, or is neither a string nor a whole number.</exception>
    public void Add(object? key, object? value)
    {
        if (key is not (string or long))
            throw new FormatException("a dictionary has a key that is neither a string nor a whole number.");
        if (!_items.TryAdd(key, value))
            throw new FormatException($"the key '{key}' occurs twice.");
        _keys.Add(key);
    }
}
