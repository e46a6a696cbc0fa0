namespace Inr.Meta;

/// <summary>Finds the state dict in what a trainer saved: the file itself, or one of its dictionaries.</summary>
internal static class TorchStateSearch
{
    // As deep as trainers put it: {'model': {'sd': ...}}.
    private const int Deepest = 3;

    /// <summary>Finds a dictionary of tensors with weights among them.</summary>
    /// <param name="root">What was saved.</param>
    /// <param name="key">The keys that lead to it, joined by dots; null to look for it.</param>
    /// <returns>Its tensors, and what else the file and the dictionary hold.</returns>
    /// <exception cref="FormatException">There is none, or there are several; the message lists them.</exception>
    public static (PickledDictionary State, IReadOnlyList<string> Unread) Find(object? root, string? key)
    {
        var found = new List<(string Path, PickledDictionary State)>();
        Search(root, "", 0, new HashSet<object>(ReferenceEqualityComparer.Instance), found);
        if (found.Count == 0)
            throw new FormatException("it holds no state dict: no dictionary with a tensor whose name ends in '.weight'.");
        var chosen = key is null ? found : found.FindAll(f => f.Path == key);
        string all = string.Join(", ", found.Select(f => Files.InputFile.Quote(f.Path)));
        if (chosen.Count == 0)
            throw new FormatException($"it holds no state dict {Files.InputFile.Quote(key)}; it holds {all}.");
        if (chosen.Count > 1)
            throw new FormatException($"it holds {chosen.Count} state dicts: {all}. Say which one ({nameof(PerceptronImportOptions)}.{nameof(PerceptronImportOptions.StateKey)}).");
        return Split(root, chosen[0].Path, chosen[0].State);
    }

    private static void Search(object? value, string path, int depth, HashSet<object> seen, List<(string Path, PickledDictionary State)> found)
    {
        if (value is not PickledDictionary dictionary || !seen.Add(dictionary))
            return;
        var names = dictionary.Keys.OfType<string>();
        if (names.Any(n => (n == "weight" || n.EndsWith(".weight", StringComparison.Ordinal)) && dictionary[n] is PickledTensor))
            found.Add((path, dictionary));
        else if (depth < Deepest)
        {
            foreach (string name in names)
                Search(dictionary[name], path.Length == 0 ? name : $"{path}.{name}", depth + 1, seen, found);
        }
    }

    private static (PickledDictionary State, IReadOnlyList<string> Unread) Split(object? root, string path, PickledDictionary state)
    {
        var tensors = new PickledDictionary();
        var unread = new List<string>();
        string first = path.Split('.')[0];
        if (!ReferenceEquals(root, state) && root is PickledDictionary all)
            unread.AddRange(all.Keys.Select(k => $"{k}").Where(k => k != first));
        foreach (object name in state.Keys)
        {
            if (name is string text && state[text] is PickledTensor tensor)
                tensors.Add(name, tensor);
            else
                unread.Add($"{name}");
        }

        return (tensors, unread);
    }
}
