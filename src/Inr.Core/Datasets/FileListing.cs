using Inr.Files;

namespace Inr;

/// <summary>The files of some kinds among paths and folders, each once, and what was left out.</summary>
/// <remarks>
/// A folder gives its files in the order of their relative paths, compared by code point: the same on every machine. Links
/// are followed; a file or folder that several paths lead to is taken once, under the path without a link where there is
/// one, so that links which lead back to their folder end there. A file that is named itself is taken whatever its kind.
/// </remarks>
public sealed class FileListing
{
    private readonly List<string> _files = [];
    private readonly List<SkippedFile> _skipped = [];
    // Real path → the path under which it was listed.
    private readonly Dictionary<string, string> _seen = new(RealPath.Comparer);
    private readonly IReadOnlyCollection<string> _extensions;
    private readonly bool _recursive;

    private FileListing(IReadOnlyCollection<string> extensions, bool recursive)
    {
        _extensions = extensions;
        _recursive = recursive;
    }

    /// <summary>The files: those of a folder as the folder's path and their path in it, others as they were named.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>What was left out, in the order in which it was met.</summary>
    public IReadOnlyList<SkippedFile> Skipped => _skipped;

    /// <summary>Lists files and folders.</summary>
    /// <param name="paths">Files, which are taken as they are, and folders.</param>
    /// <param name="extensions">The extensions to take from folders, with their dot, such as <c>.png</c>; case does not matter.</param>
    /// <param name="recursive">Whether to take the files of subfolders too.</param>
    /// <exception cref="SignalLoadException">A folder that was named cannot be listed.</exception>
    public static FileListing List(IEnumerable<string> paths, IReadOnlyCollection<string> extensions, bool recursive = false)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(extensions);
        var listing = new FileListing(extensions, recursive);
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
                listing.AddFolder(path);
            else if (listing.Take(path, Real(path) ?? path))
                listing._files.Add(path);
        }

        return listing;
    }

    /// <summary>How much was left out and why, on one line; empty where nothing was.</summary>
    public string DescribeSkipped() => string.Join(", ", _skipped.GroupBy(s => s.Reason).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Describe(g.Key, g.Count() == 1)}"));

    private static string Describe(SkipReason reason, bool one) => reason switch
    {
        SkipReason.OtherKind => one ? "file of another kind" : "files of other kinds",
        SkipReason.Hidden => "hidden",
        SkipReason.Subfolder => one ? "subfolder" : "subfolders",
        SkipReason.SeenBefore => "listed already under another path",
        _ => "that cannot be read",
    };

    private static string? Real(string path)
    {
        try
        {
            return RealPath.Of(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Skip(string path, SkipReason reason, string detail = "") => _skipped.Add(new SkippedFile(path, reason, detail));

    private bool Take(string path, string real)
    {
        if (_seen.TryAdd(real, path))
            return true;
        Skip(path, SkipReason.SeenBefore, $"the same as '{_seen[real]}'");
        return false;
    }

    private void AddFolder(string folder)
    {
        var files = new List<(string Path, string Real, bool IsLink)>();
        var folders = new Queue<(string Path, string Real)>();
        // Visited after all others, so that the path without a link is the one that counts.
        var linked = new Queue<(string Path, string Real)>();
        folders.Enqueue((folder, Real(folder) ?? folder));
        for (bool isRoot = true; folders.TryDequeue(out var next) || linked.TryDequeue(out next); isRoot = false)
        {
            if (!Take(next.Path, next.Real))
                continue;
            foreach (var entry in Entries(next.Path, isRoot))
            {
                string path = Path.Combine(next.Path, entry.Name);
                bool isLink = entry.LinkTarget is not null;
                bool isFolder = isLink ? Directory.Exists(path) : entry is DirectoryInfo;
                string? real = isLink ? Real(path) : Path.Combine(next.Real, entry.Name);
                if (WhyNot(entry, path, isFolder) is { } reason)
                    Skip(path, reason);
                else if (real is null || !Path.Exists(real))
                    Skip(path, SkipReason.Unreadable, "its link leads nowhere");
                else if (!isFolder)
                    files.Add((path, real, isLink));
                else
                    (isLink ? linked : folders).Enqueue((path, real));
            }
        }

        var taken = files.OrderBy(f => f.IsLink).ThenBy(f => Relative(folder, f.Path), StringComparer.Ordinal).Where(f => Take(f.Path, f.Real)).Select(f => f.Path).ToArray();
        _files.AddRange(taken.OrderBy(path => Relative(folder, path), StringComparer.Ordinal));
    }

    private SkipReason? WhyNot(FileSystemInfo entry, string path, bool isFolder)
    {
        if (entry.Name.StartsWith('.') || entry.Attributes.HasFlag(FileAttributes.Hidden))
            return SkipReason.Hidden;
        if (isFolder)
            return _recursive ? null : SkipReason.Subfolder;
        return _extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? null : SkipReason.OtherKind;
    }

    private FileSystemInfo[] Entries(string folder, bool isRoot)
    {
        try
        {
            var all = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false };
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", all).OrderBy(e => e.Name, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (isRoot)
                throw new SignalLoadException(folder, e.Message, e);
            Skip(folder, SkipReason.Unreadable, e.Message);
            return [];
        }
    }

    private static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
}
