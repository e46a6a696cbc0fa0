using System.IO.Compression;
using Inr.Files;

namespace Inr.Meta;

/// <summary>A file of <c>torch.save</c> (a zip archive since PyTorch 1.6), read as plain data. Nothing in it is run.</summary>
internal sealed class TorchArchive : IDisposable
{
    private const int MaxEntries = 100_000;
    private const long MaxPickleBytes = 64L << 20;
    private const string PickleName = "data.pkl";

    private readonly Stream _stream;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly string _prefix = "";

    private TorchArchive(string path)
    {
        Source = path;
        _stream = InputFile.Open(path);
        try
        {
            RequireZip();
            _zip = new ZipArchive(_stream, ZipArchiveMode.Read);
            Index();
            var pickle = _entries.Keys.Where(n => n == PickleName || n.EndsWith("/" + PickleName, StringComparison.Ordinal)).ToArray();
            if (pickle.Length != 1)
                throw Refuse($"it holds {(pickle.Length == 0 ? "no" : "more than one")} {PickleName}, so it is not a file of torch.save.");
            _prefix = pickle[0][..^PickleName.Length];
            if (_entries.TryGetValue(_prefix + "byteorder", out var order) && System.Text.Encoding.ASCII.GetString(Bytes(order, 16)) != "little")
                throw Refuse("its numbers are big-endian; save it again on an ordinary processor.");
            Root = PickleMachine.Read(Bytes(_entries[pickle[0]], MaxPickleBytes));
        }
        catch (Exception e)
        {
            Dispose();
            if (e is FormatException or IOException or InvalidDataException or NotSupportedException or ArgumentException)
                throw Refuse(e is FormatException ? e.Message : $"it is truncated or damaged: {e.Message}", e);
            throw;
        }
    }

    /// <summary>The path, for messages.</summary>
    public string Source { get; }

    /// <summary>What was saved.</summary>
    public object? Root { get; }

    /// <summary>Opens a file and reads its structure; tensors are read one by one afterwards.</summary>
    /// <exception cref="InrFileException">It is missing, damaged, truncated, of another format, or names anything that is not plain data.</exception>
    public static TorchArchive Open(string path) => new(path);

    /// <summary>Reads a tensor.</summary>
    /// <returns>A contiguous float32 tensor on the CPU.</returns>
    public Tensor Read(PickledTensor tensor)
    {
        string name = $"{_prefix}data/{tensor.Storage.Key}";
        if (!_entries.TryGetValue(name, out var entry))
            throw Refuse($"the data file {InputFile.Quote(name)} is missing.");
        if (entry.Length != tensor.Storage.Count * sizeof(float))
            throw Refuse($"the data file {InputFile.Quote(name)} has {entry.Length} bytes where {tensor.Storage.Count} float32 numbers need {tensor.Storage.Count * sizeof(float)}.");
        byte[] bytes;
        try
        {
            bytes = Bytes(entry, entry.Length);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw Refuse($"the data file {InputFile.Quote(name)} is damaged: {e.Message}", e);
        }

        using var scope = NewDisposeScope();
        var storage = empty(tensor.Storage.Count, dtype: float32, device: CPU);
        bytes.CopyTo(storage.bytes);
        return storage.as_strided(tensor.Shape, tensor.Strides, tensor.Offset).contiguous().clone().MoveToOuterDisposeScope();
    }

    /// <summary>The exception that says why this file is refused.</summary>
    public InrFileException Refuse(string reason, Exception? innerException = null) => InputFile.Refuse(Source, reason, innerException);

    /// <inheritdoc/>
    public void Dispose()
    {
        _zip?.Dispose();
        _stream.Dispose();
    }

    private void RequireZip()
    {
        Span<byte> start = stackalloc byte[4];
        int count = _stream.ReadAtLeast(start, 4, throwOnEndOfStream: false);
        _stream.Position = 0;
        if (count < 4 || !start.SequenceEqual("PK\u0003\u0004"u8))
            throw Refuse("it is not a zip archive. Files of PyTorch before 1.6 are not read: load it there and save it again with torch.save.");
    }

    private void Index()
    {
        if (_zip.Entries.Count > MaxEntries)
            throw Refuse($"it holds {_zip.Entries.Count} files; {MaxEntries} are allowed.");
        long total = 0;
        foreach (var entry in _zip.Entries)
        {
            // torch.save stores without packing, so the parts cannot be longer than the whole: no bomb, no overlap.
            if (entry.Length != entry.CompressedLength)
                throw Refuse($"its part {InputFile.Quote(entry.FullName)} is packed; torch.save does not pack, so the file was zipped again. Use the original.");
            total += entry.Length;
            if (total > _stream.Length)
                throw Refuse("its parts are longer than the file.");
            if (!_entries.TryAdd(entry.FullName, entry))
                throw Refuse($"its part {InputFile.Quote(entry.FullName)} occurs twice.");
        }
    }

    private byte[] Bytes(ZipArchiveEntry entry, long limit)
    {
        if (entry.Length > limit || entry.Length > Array.MaxLength)
            throw Refuse($"its part {InputFile.Quote(entry.FullName)} has {entry.Length} bytes; {Math.Min(limit, Array.MaxLength)} are allowed.");
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }
}
