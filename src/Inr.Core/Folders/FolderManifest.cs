using System.Globalization;
using Inr.Files;

namespace Inr.Folders;

/// <summary>
/// What is known to be finished in an output folder: the files <c>manifest/*.jsonl</c>, a part for each run, an entry a line.
/// </summary>
/// <remarks>
/// Nobody but its run writes to a part, so that no lock is needed, which a network file system may not have. A line is written
/// when its output has its name. Readers skip what is no whole line.
/// </remarks>
internal sealed class FolderManifest : IDisposable
{
    private const string FolderName = "manifest";
    private const string Ending = ".jsonl";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Active = TimeSpan.FromSeconds(30);

    private readonly object _lock = new();
    private readonly string _folder;
    private readonly string _output;
    private readonly string _own;
    private readonly Dictionary<string, FolderEntry> _latest = new(StringComparer.Ordinal);

    // By part: how far it was read.
    private readonly Dictionary<string, long> _read = new(StringComparer.Ordinal);
    private FileStream? _part;
    private long _looked;

    private FolderManifest(string output, FolderShard shard)
    {
        _output = output;
        _folder = Path.Combine(output, FolderName);
        string share = shard.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"shard-{shard.Number}-of-{shard.Count}-") : "";
        _own = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{share}{DateTime.UtcNow:yyyyMMdd'T'HHmmss'Z'}-{Guid.NewGuid().ToString("N")[..8]}{Ending}"));
    }

    /// <summary>Whether another run wrote to the folder within the last half minute.</summary>
    public bool IsShared { get; private set; }

    /// <summary>Opens the manifest of an output folder and reads it.</summary>
    public static FolderManifest Open(string output, FolderShard shard)
    {
        var manifest = new FolderManifest(output, shard);
        manifest.Look();
        return manifest;
    }

    /// <summary>
    /// The entry of a file whose output is there, made of the same file with the same settings; null where there is none.
    /// </summary>
    /// <param name="folder">The folder of the sources.</param>
    /// <param name="source">The file in it.</param>
    /// <param name="settings">The settings of this run.</param>
    public FolderEntry? Find(string folder, string source, string settings)
    {
        FolderEntry? entry;
        lock (_lock)
        {
            Refresh();
            if (!_latest.TryGetValue(source, out entry))
                return null;
        }

        if (entry.Failure is not null || entry.Output is null || entry.Settings != settings)
            return null;
        var written = new FileInfo(Path.Combine(_output, entry.Output));
        var file = new FileInfo(Path.Combine(folder, source));
        if (!written.Exists || written.Length != entry.Bytes || !file.Exists || file.Length != entry.SourceBytes)
            return null;
        // A copy of a folder has new times and the same bytes.
        return file.LastWriteTimeUtc == entry.SourceTime || (entry.SourceHash is { } hash && SourceFile.HashOf(file.FullName) == hash) ? entry : null;
    }

    /// <summary>Adds an entry.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Add(FolderEntry entry)
    {
        byte[] line = ManifestLine.Of(entry);
        lock (_lock)
        {
            if (_part is null)
            {
                Directory.CreateDirectory(_folder);
                // No lock: nobody else has this name.
                _part = new FileStream(_own, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1);
            }

            _part.Write(line);
            _part.Flush();
            _latest[entry.Source] = entry;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _part?.Dispose();

    // What other runs did meanwhile.
    private void Refresh()
    {
        if (Environment.TickCount64 - _looked > Pause.TotalMilliseconds)
            Look();
    }

    private void Look()
    {
        _looked = Environment.TickCount64;
        if (!Directory.Exists(_folder))
            return;
        foreach (string part in Directory.EnumerateFiles(_folder, "*" + Ending).Where(p => p != _own).Order(StringComparer.Ordinal))
        {
            try
            {
                Read(part);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What cannot be read is not known to be finished.
            }
        }
    }

    private void Read(string part)
    {
        var file = new FileInfo(part);
        long from = _read.GetValueOrDefault(part);
        if (file.Length <= from)
            return;
        IsShared |= DateTime.UtcNow - file.LastWriteTimeUtc < Active;
        using var stream = new FileStream(part, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = from;
        byte[] bytes = new byte[file.Length - from];
        int count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        int start = 0;
        for (int end; (end = bytes.AsSpan(start, count - start).IndexOf((byte)'\n')) >= 0; start += end + 1)
        {
            // Of two entries of a file the later one says what its output is.
            if (ManifestLine.Parse(bytes.AsSpan(start, end)) is { } entry && (!_latest.TryGetValue(entry.Source, out var known) || known.Finished <= entry.Finished))
                _latest[entry.Source] = entry;
        }

        _read[part] = from + start;
    }
}
