namespace Inr.Files;

/// <summary>Where a path leads once every link in it is followed: two paths of one file have the same.</summary>
public static class RealPath
{
    private const int MostLinks = 64;

    /// <summary>How paths of this system compare.</summary>
    public static StringComparer Comparer { get; } = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Follows all links of a path; what does not exist stays as it is.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        string current = Path.GetPathRoot(full)!;
        var rest = new Stack<string>(Parts(full[current.Length..]));
        for (int links = 0; rest.TryPop(out string? part);)
        {
            string next = Path.Combine(current, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MostLinks)
                throw new IOException($"its links lead in a circle at '{next}'.");
            string aim = Path.GetFullPath(target, current);
            current = Path.GetPathRoot(aim)!;
            foreach (string piece in Parts(aim[current.Length..]))
                rest.Push(piece);
        }

        return current;
    }

    // The last first, as a stack takes them.
    private static IEnumerable<string> Parts(string path) =>
        Enumerable.Reverse(path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries));
}
