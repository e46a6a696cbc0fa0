namespace Inr.Meta;

/// <summary>The names of a state dict without what wrappers of modules put around them.</summary>
/// <remarks>
/// <c>DataParallel</c> and its distributed kin put <c>module.</c> before every name, <c>torch.compile</c> puts
/// <c>_orig_mod.</c>, which may also stand inside a name where a part was compiled. A module of the user's that is called
/// <c>module</c> keeps its name unless all names begin with it.
/// </remarks>
internal static class StateNames
{
    private const string Parallel = "module";

    // Names that no user gives.
    private static readonly string[] Wrappers = ["_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"];

    /// <summary>Removes wrappers.</summary>
    /// <param name="names">The names of a file.</param>
    /// <param name="removed">What was removed, such as <c>module.</c>; empty where nothing was.</param>
    /// <returns>The name of the file for each name without wrappers.</returns>
    /// <exception cref="FormatException">Two names are the same without wrappers.</exception>
    public static Dictionary<string, string> Unwrap(IReadOnlyCollection<string> names, out IReadOnlyList<string> removed)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var parts = names.Select(n => (Name: n, Parts: RemoveInner(n.Split('.'), found))).ToArray();
        int depth = 0;
        while (parts.Length > 0 && parts.All(p => p.Parts.Length > depth + 1 && p.Parts[depth] == Parallel))
            depth++;
        if (depth > 0)
            found.Add(Parallel + ".");

        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, list) in parts)
        {
            string plain = string.Join('.', list[depth..]);
            if (!result.TryAdd(plain, name))
                throw new FormatException($"its names {Files.InputFile.Quote(result[plain])} and {Files.InputFile.Quote(name)} mean the same weight.");
        }

        removed = [.. found];
        return result;
    }

    private static string[] RemoveInner(string[] parts, SortedSet<string> found)
    {
        string[] kept = [.. parts.Where((part, i) => i == parts.Length - 1 || !Wrappers.Contains(part))];
        if (kept.Length < parts.Length)
            found.UnionWith(parts[..^1].Where(Wrappers.Contains).Select(part => part + "."));
        return kept;
    }
}
