using System.IO.Compression;

namespace Inr.Files;

/// <summary>An open NPZ file: its arrays are listed, and read when asked for, so that one of a foreign type does not hide the others.</summary>
/// <remarks>
/// The directory is checked first: names unique, and no array larger than its packed bytes can hold. One reader serves one
/// thread.
/// </remarks>
public sealed class NpzReader : IDisposable
{
    private const string Extension = ".npy";

    // Deflate packs at most 1032:1; an archive that promises more is a lie that would be believed before it is found out.
    private const long BestRatio = 1032;

    private readonly string _source;
    private readonly Stream? _owned;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The largest unpacked size of all arrays to accept.</param>
    /// <exception cref="InrFileException">It cannot be opened, is no zip archive of NPY arrays, or is too large.</exception>
    public NpzReader(string path, long maxBytes = Npz.DefaultMaxBytes)
        : this(InputFile.Open(path), path, maxBytes, leaveOpen: false)
    {
    }

    /// <summary>Reads from a stream.</summary>
    /// <param name="stream">A stream that cannot seek is copied into memory first.</param>
    /// <param name="maxBytes">The largest unpacked size of all arrays to accept.</param>
    /// <param name="leaveOpen">Whether <see cref="Dispose"/> leaves the stream open.</param>
    /// <exception cref="InrFileException">It is no zip archive of NPY arrays, or is too large.</exception>
    public NpzReader(Stream stream, long maxBytes = Npz.DefaultMaxBytes, bool leaveOpen = false)
        : this(stream ?? throw new ArgumentNullException(nameof(stream)), InputFile.NameOf(stream), maxBytes, leaveOpen)
    {
    }

    private NpzReader(Stream stream, string source, long maxBytes, bool leaveOpen)
    {
        _source = source;
        _owned = leaveOpen ? null : stream;
        try
        {
            ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
            var seekable = InputFile.Seekable(stream, source);
            _archive = Guard(() => new ZipArchive(seekable, ZipArchiveMode.Read, leaveOpen: true));
            Guard(() => Index(seekable.Length, maxBytes));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The names of the arrays, without <c>.npy</c>, in the order of the file.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Whether the file has an array of this name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Reads the shape of an array without its numbers.</summary>
    /// <exception cref="InrFileException">There is no such array, or it is damaged or of a type that is not read; the message says which.</exception>
    public IReadOnlyList<long> ReadShape(string name)
    {
        var entry = Find(name);
        return Guard(() =>
        {
            using var packed = entry.Open();
            return NpyHeader.Read(packed, entry.Length, NameOf(entry)).Shape;
        });
    }

    /// <summary>Reads one array.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>The array on the CPU in row-major order; the caller owns it.</returns>
    /// <exception cref="InrFileException">There is no such array, or it is damaged or of a type that is not read; the message says which.</exception>
    public Tensor Read(string name)
    {
        TorchRuntime.EnsureLoaded();
        var entry = Find(name);
        return Guard(() =>
        {
            using var packed = entry.Open();
            return Npy.Read(packed, entry.Length, NameOf(entry));
        });
    }

    /// <summary>Reads all arrays.</summary>
    /// <returns>Arrays on the CPU by name; the caller owns them.</returns>
    /// <exception cref="InrFileException">One of them is damaged or of a type that is not read; the message says which.</exception>
    public IReadOnlyDictionary<string, Tensor> ReadAll()
    {
        using var scope = NewDisposeScope();
        var arrays = new Dictionary<string, Tensor>(_names.Count, StringComparer.Ordinal);
        foreach (string name in _names)
            arrays.Add(name, Read(name));
        foreach (var tensor in arrays.Values)
            tensor.MoveToOuterDisposeScope();
        return arrays;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _archive?.Dispose();
        _owned?.Dispose();
    }

    private bool Index(long fileBytes, long maxBytes)
    {
        long left = maxBytes;
        foreach (var entry in _archive.Entries)
        {
            string which = $"its entry {InputFile.Quote(entry.FullName)}";
            if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
                throw InputFile.Refuse(_source, $"{which} is not an NPY array.");
            if (entry.CompressedLength > fileBytes || entry.Length > entry.CompressedLength * BestRatio)
                throw InputFile.Refuse(_source, $"{which} promises {entry.Length} bytes, which its {entry.CompressedLength} packed bytes cannot hold.");
            if (entry.Length > left)
                throw InputFile.Refuse(_source, $"it unpacks to more than the {maxBytes} bytes that are allowed.");
            left -= entry.Length;
            string name = entry.FullName[..^Extension.Length];
            if (!_entries.TryAdd(name, entry))
                throw InputFile.Refuse(_source, $"{which} occurs twice.");
            _names.Add(name);
        }

        return true;
    }

    private ZipArchiveEntry Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _entries.TryGetValue(name, out var entry) ? entry : throw InputFile.Refuse(_source, $"it has no array {InputFile.Quote(name)}.");
    }

    private string NameOf(ZipArchiveEntry entry) => $"{_source}:{InputFile.Quote(entry.FullName)}";

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException or ArgumentException)
        {
            throw InputFile.Refuse(_source, $"it is not a readable zip archive: {e.Message}", e);
        }
    }
}
