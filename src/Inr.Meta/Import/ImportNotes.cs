namespace Inr.Meta;

/// <summary>What an import changed or left out, so that a caller can say it.</summary>
public sealed record ImportNotes
{
    private const int LongestList = 6;

    /// <summary>What wrappers of modules had put around the names and was removed, such as <c>module.</c> or <c>_orig_mod.</c></summary>
    public IReadOnlyList<string> RemovedPrefixes { get; init; } = [];

    /// <summary>The types of the stored numbers where they are not those of the weights, such as <c>Float16</c>.</summary>
    public IReadOnlyList<string> ConvertedTypes { get; init; } = [];

    /// <summary>What the file holds beside the weights and was not read, such as <c>optimizer</c>.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>What the file lacks and was set to 0, such as a bias.</summary>
    public IReadOnlyList<string> SetToZero { get; init; } = [];

    /// <summary>One line; empty where there is nothing to say.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        Add(parts, "removed from its names: ", RemovedPrefixes.Select(p => $"'{p}'"));
        Add(parts, "converted from ", ConvertedTypes);
        Add(parts, "set to 0: ", SetToZero);
        Add(parts, "not read: ", Unread);
        return string.Join("; ", parts);
    }

    private static void Add(List<string> parts, string what, IEnumerable<string> items)
    {
        string[] list = [.. items];
        if (list.Length > 0)
            parts.Add(what + string.Join(", ", list.Take(LongestList)) + (list.Length > LongestList ? $" and {list.Length - LongestList} more" : ""));
    }
}
