using System.Buffers.Binary;

namespace Inr.Files;

/// <summary>An open safetensors file: its header is read and checked, its tensors are read when asked for.</summary>
/// <remarks>
/// The whole layout is verified first: sizes against the length of the file, offsets in range, contiguous and without
/// overlap, names unique. Nothing is allocated that the file does not have bytes for. One reader serves one thread.
/// </remarks>
public sealed class SafeTensorsReader : IDisposable
{
    private const int LengthBytes = sizeof(ulong);

    private readonly Stream _stream;
    private readonly Stream? _owned;
    private readonly string _source;
    private readonly long _dataStart;
    private readonly SafeTensorsHeader _header;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InrFileException">It cannot be opened or breaks a rule of the format; the message says which.</exception>
    public SafeTensorsReader(string path)
        : this(InputFile.Open(path), path, leaveOpen: false)
    {
    }

    /// <summary>Reads from the current position of a stream to its end.</summary>
    /// <param name="stream">A stream that cannot seek is copied into memory first.</param>
    /// <param name="leaveOpen">Whether <see cref="Dispose"/> leaves the stream open.</param>
    /// <exception cref="InrFileException">It breaks a rule of the format; the message says which.</exception>
    public SafeTensorsReader(Stream stream, bool leaveOpen = false)
        : this(stream ?? throw new ArgumentNullException(nameof(stream)), InputFile.NameOf(stream), leaveOpen)
    {
    }

    internal SafeTensorsReader(Stream stream, string source, bool leaveOpen)
    {
        _owned = leaveOpen ? null : stream;
        _source = source;
        try
        {
            _stream = InputFile.Seekable(stream, source);
            long start = _stream.Position;
            FileBytes = _stream.Length - start;
            byte[] json = ReadHeader();
            _dataStart = start + LengthBytes + json.Length;
            _header = SafeTensorsHeader.Parse(json, FileBytes - LengthBytes - json.Length, source);
        }
        catch (IOException e)
        {
            Dispose();
            throw InputFile.Refuse(source, e.Message, e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The text of the file's <c>__metadata__</c>; empty where it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<SafeTensorsEntry> Entries => _header.InOrder;

    /// <summary>The size of the file.</summary>
    public long FileBytes { get; }

    /// <summary>What messages call the file.</summary>
    public string Source => _source;

    /// <summary>Whether the file has a tensor of this name.</summary>
    public bool Contains(string name) => _header.ByName.ContainsKey(name);

    /// <summary>Reads one tensor.</summary>
    /// <param name="name">The name of an entry.</param>
    /// <returns>The tensor on the CPU, in the type of the file; the caller owns it.</returns>
    /// <exception cref="InrFileException">There is no such tensor, its type is foreign to libtorch, or the file became shorter meanwhile.</exception>
    public Tensor Read(string name)
    {
        TorchRuntime.EnsureLoaded();
        ArgumentNullException.ThrowIfNull(name);
        if (!_header.ByName.TryGetValue(name, out var entry))
            throw InputFile.Refuse(_source, $"it has no tensor {InputFile.Quote(name)}.");
        if (entry.Type is not { } type)
            throw InputFile.Refuse(_source, SafeTensorsTypes.Unsupported(entry.TypeName, $"the tensor {InputFile.Quote(name)}"));
        try
        {
            _stream.Position = _dataStart + entry.Begin;
            return TensorBytes.Read(_stream, type, [.. entry.Shape]);
        }
        catch (IOException e)
        {
            throw InputFile.Refuse(_source, $"the tensor {InputFile.Quote(name)} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads all tensors.</summary>
    /// <returns>Tensors on the CPU by name; the caller owns them.</returns>
    /// <exception cref="InrFileException">A type is foreign to libtorch, or the file became shorter meanwhile.</exception>
    public IReadOnlyDictionary<string, Tensor> ReadAll()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(Entries.Count, StringComparer.Ordinal);
        foreach (var entry in Entries)
            tensors.Add(entry.Name, Read(entry.Name));
        foreach (var tensor in tensors.Values)
            tensor.MoveToOuterDisposeScope();
        return tensors;
    }

    /// <inheritdoc/>
    public void Dispose() => _owned?.Dispose();

    private byte[] ReadHeader()
    {
        if (FileBytes < LengthBytes)
            throw InputFile.Refuse(_source, $"it is not a safetensors file: it has only {FileBytes} bytes.");
        Span<byte> prefix = stackalloc byte[LengthBytes];
        _stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)(FileBytes - LengthBytes))
            throw InputFile.Refuse(_source, $"it is truncated or not a safetensors file: its header should have {length} bytes, but only {FileBytes - LengthBytes} follow.");
        if (length > SafeTensorsHeader.MaxBytes)
            throw InputFile.Refuse(_source, $"its header has {length} bytes; at most {SafeTensorsHeader.MaxBytes} are allowed.");
        byte[] json = new byte[length];
        _stream.ReadExactly(json);
        return json;
    }
}
