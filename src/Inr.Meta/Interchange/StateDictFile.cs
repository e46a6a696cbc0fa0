using System.IO.Compression;
using Inr.Files;

namespace Inr.Meta;

/// <summary>A state dict in a file of <c>torch.save</c>, safetensors or NumPy, which its first bytes tell apart: shapes by name, tensors when asked for.</summary>
internal sealed class StateDictFile : IDisposable
{
    private readonly IDisposable _file;
    private readonly Func<string, Tensor> _read;

    private StateDictFile(IDisposable file, IReadOnlyDictionary<string, long[]> shapes, ImportNotes notes, Func<string, Tensor> read)
    {
        _file = file;
        _read = read;
        Shapes = shapes;
        Notes = notes;
    }

    /// <summary>The shapes by name, without what wrappers of modules put around the names.</summary>
    public IReadOnlyDictionary<string, long[]> Shapes { get; }

    /// <summary>What was changed or left out.</summary>
    public ImportNotes Notes { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">Where in a file of torch.save the state dict is, such as <c>ema.model</c>; null to look for it.</param>
    /// <exception cref="InrFileException">It is missing, damaged, hostile, or holds no state dict, or several and no key says which.</exception>
    /// <exception cref="FormatException">As before; the caller names the file.</exception>
    public static StateDictFile Open(string path, string? key) => KindOf(path) switch
    {
        Kind.SafeTensors => OfSafeTensors(new SafeTensorsReader(path)),
        Kind.Npz => OfNpz(new NpzReader(path)),
        _ => OfTorch(TorchArchive.Open(path), key),
    };

    /// <summary>Reads a tensor, in the type of the file; it belongs to the caller's dispose scope.</summary>
    public Tensor Read(string name) => _read(name);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static Kind KindOf(string path)
    {
        using var stream = InputFile.Open(path);
        Span<byte> start = stackalloc byte[9];
        int count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (count == start.Length && start[^1] == (byte)'{')
            return Kind.SafeTensors;
        if (!start.StartsWith("PK"u8))
            return Kind.Torch;
        stream.Position = 0;
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return zip.Entries.Any(e => e.FullName.EndsWith(".npy", StringComparison.Ordinal)) ? Kind.Npz : Kind.Torch;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            throw InputFile.Refuse(path, $"it is not a readable zip archive: {e.Message}", e);
        }
    }

    private static StateDictFile OfSafeTensors(SafeTensorsReader reader) => Make(
        reader,
        [.. reader.Entries.Select(e => e.Name)],
        name => [.. reader.Entries.First(e => e.Name == name).Shape],
        name =>
        {
            var entry = reader.Entries.First(e => e.Name == name);
            return entry.Type ?? throw new InrFileException($"The tensor {InputFile.Quote(name)} has the type {InputFile.Quote(entry.TypeName)}, which cannot be read here.");
        },
        reader.Read);

    private static StateDictFile OfNpz(NpzReader reader) => Make(
        reader,
        [.. reader.Names.Where(n => n != ParameterExport.MetadataName)],
        name => [.. reader.ReadShape(name)],
        null,
        reader.Read);

    private static StateDictFile OfTorch(TorchArchive archive, string? key)
    {
        try
        {
            var (state, unread) = TorchStateSearch.Find(archive.Root, key);
            var tensors = new TorchState(archive, state, unread);
            return new StateDictFile(archive, tensors.Shapes, tensors.Notes, tensors.Read);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    private static StateDictFile Make(IDisposable file, string[] names, Func<string, long[]> shapeOf, Func<string, ScalarType>? typeOf, Func<string, Tensor> read)
    {
        try
        {
            var stored = StateNames.Unwrap(names, out var removed);
            var notes = new ImportNotes
            {
                RemovedPrefixes = removed,
                ConvertedTypes = typeOf is null ? [] : [.. names.Select(typeOf).Where(t => t != ScalarType.Float32).Distinct().Select(t => t.ToString()).Order(StringComparer.Ordinal)],
            };
            return new StateDictFile(file, stored.ToDictionary(p => p.Key, p => shapeOf(p.Value)), notes, name => read(stored[name]));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private enum Kind
    {
        Torch,
        SafeTensors,
        Npz,
    }
}
