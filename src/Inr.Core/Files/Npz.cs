using System.IO.Compression;

namespace Inr.Files;

/// <summary>Reads and writes NPZ files, numpy's zip archives of NPY arrays, stored or deflated.</summary>
/// <remarks><see cref="Npy"/> says which types are read; <see cref="NpzReader"/> reads single arrays, where a file holds others as well.</remarks>
public static class Npz
{
    /// <summary>The largest unpacked size that is read unless the caller asks for more: 4 GiB.</summary>
    public const long DefaultMaxBytes = 1L << 32;

    private const string Extension = ".npy";

    /// <summary>Reads all arrays of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The largest unpacked size to accept.</param>
    /// <returns>Arrays on the CPU by name, without <c>.npy</c>; the caller owns them.</returns>
    /// <exception cref="InrFileException">The file cannot be opened, is damaged or too large, or holds something else.</exception>
    public static IReadOnlyDictionary<string, Tensor> Load(string path, long maxBytes = DefaultMaxBytes)
    {
        using var reader = new NpzReader(path, maxBytes);
        return reader.ReadAll();
    }

    /// <summary>Reads all arrays of a stream.</summary>
    /// <param name="stream">It stays open; one that cannot seek is copied into memory first.</param>
    /// <param name="maxBytes">The largest unpacked size to accept.</param>
    /// <returns>Arrays on the CPU by name, without <c>.npy</c>; the caller owns them.</returns>
    /// <exception cref="InrFileException">The data are damaged or too large, or hold something else.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(Stream stream, long maxBytes = DefaultMaxBytes)
    {
        using var reader = new NpzReader(stream, maxBytes, leaveOpen: true);
        return reader.ReadAll();
    }

    /// <summary>Writes a file; one that exists is replaced only when the new one is complete.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="arrays">Arrays of any device by name, without <c>.npy</c>.</param>
    /// <exception cref="ArgumentException">The format, as read here, lacks a type, or the name has the ending of another format.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> arrays)
    {
        FileKind.Npz.Require(path);
        AtomicFile.Write(path, stream => Write(stream, arrays));
    }

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
}
