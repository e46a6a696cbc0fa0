using System.IO.Compression;

namespace Inr.Files;

/// <summary>Reads and writes NPZ files, numpy's zip archives of NPY arrays, stored or deflated.</summary>
public static class Npz
{
    /// <summary>The largest unpacked size that is read unless the caller asks for more: 4 GiB.</summary>
    public const long DefaultMaxBytes = 1L << 32;

    private const string Extension = ".npy";

    // Deflate packs at most 1032:1; an archive that promises more is a lie that would be believed before it is found out.
    private const long BestRatio = 1032;

    /// <summary>Reads all arrays of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The largest unpacked size to accept.</param>
    /// <returns>Arrays on the CPU by name, without <c>.npy</c>; the caller owns them.</returns>
    /// <exception cref="InrFileException">The file cannot be opened, is damaged or too large, or holds something else.</exception>
    public static IReadOnlyDictionary<string, Tensor> Load(string path, long maxBytes = DefaultMaxBytes)
    {
        using var stream = InputFile.Open(path);
        return Read(stream, maxBytes, path);
    }

    /// <summary>Reads all arrays of a stream.</summary>
    /// <param name="stream">It stays open; one that cannot seek is copied into memory first.</param>
    /// <param name="maxBytes">The largest unpacked size to accept.</param>
    /// <returns>Arrays on the CPU by name, without <c>.npy</c>; the caller owns them.</returns>
    /// <exception cref="InrFileException">The data are damaged or too large, or hold something else.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(Stream stream, long maxBytes = DefaultMaxBytes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        string source = InputFile.NameOf(stream);
        return Read(InputFile.Seekable(stream, source), maxBytes, source);
    }

    /// <summary>Writes a file; one that exists is replaced only when the new one is complete.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="arrays">Arrays of any device by name, without <c>.npy</c>.</param>
    /// <exception cref="ArgumentException">The format, as read here, lacks a type.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> arrays) =>
        AtomicFile.Write(path, stream => Write(stream, arrays));

    /// <summary>Writes a deflated archive.</summary>
    /// <param name="stream">It stays open.</param>
    /// <param name="arrays">Arrays of any device by name, without <c>.npy</c>.</param>
    /// <exception cref="ArgumentException">The format, as read here, lacks a type.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> arrays)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(arrays);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, tensor) in arrays)
        {
            using var entry = archive.CreateEntry(name + Extension).Open();
            Npy.Write(entry, tensor);
        }
    }

    private static Dictionary<string, Tensor> Read(Stream stream, long maxBytes, string source)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        using var scope = NewDisposeScope();
        var arrays = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            long left = maxBytes;
            foreach (var entry in archive.Entries)
            {
                string which = $"its entry {InputFile.Quote(entry.FullName)}";
                if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
                    throw InputFile.Refuse(source, $"{which} is not an NPY array.");
                if (entry.CompressedLength > stream.Length || entry.Length > entry.CompressedLength * BestRatio)
                    throw InputFile.Refuse(source, $"{which} promises {entry.Length} bytes, which its {entry.CompressedLength} packed bytes cannot hold.");
                if (entry.Length > left)
                    throw InputFile.Refuse(source, $"it unpacks to more than the {maxBytes} bytes that are allowed.");
                left -= entry.Length;

                using var packed = entry.Open();
                var tensor = Npy.Read(packed, entry.Length, $"{source}:{InputFile.Quote(entry.FullName)}");
                if (!arrays.TryAdd(entry.FullName[..^Extension.Length], tensor))
                    throw InputFile.Refuse(source, $"{which} occurs twice.");
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException or ArgumentException)
        {
            throw InputFile.Refuse(source, $"it is not a readable zip archive: {e.Message}", e);
        }

        foreach (var tensor in arrays.Values)
            tensor.MoveToOuterDisposeScope();
        return arrays;
    }
}
