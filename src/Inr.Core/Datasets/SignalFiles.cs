namespace Inr;

/// <summary>Files and folders of signals as a data set: images and sounds, each read when asked for.</summary>
public sealed class SignalFiles : ISignalDataset
{
    private SignalFiles(IReadOnlyList<SignalFile> files, IReadOnlyList<SkippedFile> skipped, string skippedText)
    {
        Files = files;
        Skipped = skipped;
        SkippedText = skippedText;
    }

    /// <summary>The files, in order.</summary>
    public IReadOnlyList<SignalFile> Files { get; }

    /// <summary>What was left out: files of other kinds, hidden ones, subfolders where they are not read, and what several paths lead to.</summary>
    public IReadOnlyList<SkippedFile> Skipped { get; }

    /// <summary>How much was left out and why, on one line; empty where nothing was.</summary>
    public string SkippedText { get; }

    /// <inheritdoc/>
    public int Count => Files.Count;

    /// <summary>Collects files: those that are named, as they are, and the signals of folders by name.</summary>
    /// <param name="paths">Files and folders; a file that several of them lead to counts once.</param>
    /// <exception cref="SignalLoadException">A folder cannot be listed, or a folder that is named holds no signal.</exception>
    public static SignalFiles Open(params IEnumerable<string> paths) => Open(paths, recursive: false);

    /// <summary>Collects files: those that are named, as they are, and the signals of folders by name.</summary>
    /// <param name="paths">Files and folders; a file that several of them lead to counts once.</param>
    /// <param name="recursive">Whether to read subfolders too, such as those of classes.</param>
    /// <exception cref="SignalLoadException">A folder cannot be listed, or a folder that is named holds no signal.</exception>
    public static SignalFiles Open(IEnumerable<string> paths, bool recursive)
    {
        ArgumentNullException.ThrowIfNull(paths);
        string[] all = [.. paths];
        var listing = FileListing.List(all, SignalFile.Endings, recursive);
        if (Array.Find(all, path => Directory.Exists(path) && !GaveAny(path, listing)) is { } folder)
            throw new SignalLoadException(folder, $"the folder holds no {string.Join(", ", SignalFile.Endings.SkipLast(1))} or {SignalFile.Endings[^1]} file{(recursive ? "" : " of its own (subfolders are left out)")}.{(listing.Skipped.Count > 0 ? $" It holds: {listing.DescribeSkipped()}." : "")}");
        string[] names = Names(listing.Files);
        return new SignalFiles([.. listing.Files.Select((path, i) => new SignalFile(path) { Name = names[i] })], listing.Skipped, listing.DescribeSkipped());
    }

    /// <summary>The same files, of which pictures are read as they are stored, whatever their EXIF data say.</summary>
    /// <returns>A data set of its own; this one stays as it is.</returns>
    public SignalFiles WithStoredOrientation() => new([.. Files.Select(file => file with { KeepStoredOrientation = true })], Skipped, SkippedText);

    /// <inheritdoc/>
    public string GetName(int index) => Files[index].Name;

    /// <inheritdoc/>
    public Signal Load(int index) => Files[index].Load();

    private static bool GaveAny(string folder, FileListing listing)
    {
        string start = Path.Combine(folder, "_")[..^1];
        return listing.Files.Concat(listing.Skipped.Where(s => s.Reason == SkipReason.SeenBefore).Select(s => s.Path)).Any(path => path == folder || path.StartsWith(start, StringComparison.Ordinal));
    }

    // Reports tell signals apart by name: of files that are called the same, as many folders as it takes go with the name.
    private static string[] Names(IReadOnlyList<string> paths)
    {
        string[] names = [.. paths.Select(Path.GetFileName)!];
        foreach (var same in Enumerable.Range(0, names.Length).GroupBy(i => names[i], StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).ToArray())
        {
            string[][] parts = [.. same.Select(i => Path.GetFullPath(paths[i]).Split(Path.DirectorySeparatorChar))];
            int count = Enumerable.Range(2, parts.Max(p => p.Length)).First(n => parts.Select(p => Tail(p, n)).Distinct(StringComparer.Ordinal).Count() == parts.Length);
            foreach (var (i, part) in same.Zip(parts))
                names[i] = Tail(part, count);
        }

        return names;
    }

    private static string Tail(string[] parts, int count) => string.Join('/', parts.TakeLast(count));
}
