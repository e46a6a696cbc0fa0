using System.IO.Compression;
using System.Text;
using Inr.Files;

namespace Inr.Meta;

/// <summary>The layout of torch.save since PyTorch 1.6: a zip archive of a pickle and one file per storage.</summary>
internal sealed class TorchZip : TorchContainer
{
    private const int MaxEntries = 100_000;
    private const string PickleName = "data.pkl";

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly string _prefix;

    /// <summary>Reads the structure of an archive.</summary>
    /// <exception cref="FormatException">It is another archive, or holds anything that is not plain data.</exception>
    public TorchZip(Stream stream)
    {
        _zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        Index(stream.Length);
        var pickle = _entries.Keys.Where(n => n == PickleName || n.EndsWith("/" + PickleName, StringComparison.Ordinal)).ToArray();
        if (pickle.Length != 1)
            throw new FormatException($"it holds {(pickle.Length == 0 ? "no" : "more than one")} {PickleName}, so it is not a file of torch.save.");
        _prefix = pickle[0][..^PickleName.Length];
        if (_entries.TryGetValue(_prefix + "byteorder", out var order) && Text(order) != "little")
            throw new FormatException("its numbers are big-endian; save it again on an ordinary processor.");
        var entry = _entries[pickle[0]];
        if (entry.Length > MaxPickleBytes)
            throw new FormatException($"its part {InputFile.Quote(entry.FullName)} has {entry.Length} bytes; {MaxPickleBytes} are allowed.");
        using var content = entry.Open();
        Root = new PickleMachine(new PickleInput(content, entry.Length)).Run();
    }

    /// <inheritdoc/>
    public override Tensor Read(PickledStorage storage, long start, long count)
    {
        string name = $"{_prefix}data/{storage.Key}";
        if (!_entries.TryGetValue(name, out var entry))
            throw new FormatException($"the data file {InputFile.Quote(name)} is missing.");
        if (entry.Length != storage.WholeBytes)
            throw new FormatException($"the data file {InputFile.Quote(name)} has {entry.Length} bytes where {storage.WholeCount} {storage.Type} numbers need {storage.WholeBytes}.");
        using var content = entry.Open();
        Skip(content, start * storage.Size);
        return ReadNumbers(content, storage, count);
    }

    /// <inheritdoc/>
    public override void Dispose() => _zip.Dispose();

    private static void Skip(Stream stream, long count)
    {
        var buffer = new byte[Math.Min(count, 1 << 16)];
        for (long left = count; left > 0;)
        {
            int piece = (int)Math.Min(left, buffer.Length);
            stream.ReadExactly(buffer, 0, piece);
            left -= piece;
        }
    }

    private static string Text(ZipArchiveEntry entry)
    {
        var bytes = new byte[Math.Min(entry.Length, 16)];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return Encoding.ASCII.GetString(bytes);
    }

    private void Index(long fileBytes)
    {
        if (_zip.Entries.Count > MaxEntries)
            throw new FormatException($"it holds {_zip.Entries.Count} files; {MaxEntries} are allowed.");
        long total = 0;
        foreach (var entry in _zip.Entries)
        {
            // torch.save stores without packing, so the parts cannot be longer than the whole: no bomb, no overlap.
            if (entry.Length != entry.CompressedLength)
                throw new FormatException($"its part {InputFile.Quote(entry.FullName)} is packed; torch.save does not pack, so the file was zipped again. Use the original.");
            total += entry.Length;
            if (total > fileBytes)
                throw new FormatException("its parts are longer than the file.");
            if (!_entries.TryAdd(entry.FullName, entry))
                throw new FormatException($"its part {InputFile.Quote(entry.FullName)} occurs twice.");
        }
    }
}
