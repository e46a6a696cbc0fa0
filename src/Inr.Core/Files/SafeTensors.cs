using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Inr.Files;

/// <summary>Reads and writes the safetensors format (https://github.com/huggingface/safetensors): named tensors and text.</summary>
/// <remarks>
/// A file is the length of the header (8 bytes, little-endian), the header (JSON, padded with spaces to 8 bytes), and the
/// numbers of all tensors without gaps. Types: F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL. Any bits are kept, NaN too.
/// <see cref="SafeTensorsReader"/> reads single tensors of a large file.
/// </remarks>
public static class SafeTensors
{
    private const int Alignment = 8;

    /// <summary>Reads all tensors of a file.</summary>
    /// <returns>Tensors on the CPU by name; the caller owns them.</returns>
    /// <exception cref="InrFileException">The file cannot be opened or breaks a rule of the format; the message says which.</exception>
    public static IReadOnlyDictionary<string, Tensor> Load(string path)
    {
        using var reader = new SafeTensorsReader(path);
        return reader.ReadAll();
    }

    /// <summary>Writes a file; one that exists is replaced only when the new one is complete.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensors">Tensors of any device by name.</param>
    /// <param name="metadata">Text to store with them.</param>
    /// <exception cref="ArgumentException">A name occurs twice or is reserved, the format lacks a tensor's type, or the file's name has the ending of another format.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        FileKind.SafeTensors.Require(path);
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));
    }

    /// <summary>Writes to a stream. The same tensors and metadata always give the same bytes.</summary>
    /// <param name="stream">A stream at the place where the file begins.</param>
    /// <param name="tensors">Tensors of any device by name.</param>
    /// <param name="metadata">Text to store with them.</param>
    /// <exception cref="ArgumentException">A name occurs twice or is reserved, or the format lacks a tensor's type.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var sorted = Sort(tensors);
        byte[] header = BuildHeader(sorted, metadata ?? []);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in sorted)
            TensorBytes.Write(stream, tensor);
    }

    // As the reference implementation: wide types first, then by the bytes of the name.
    private static List<KeyValuePair<string, Tensor>> Sort(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var list = tensors.ToList();
        foreach (var (name, tensor) in list)
        {
            if (name is null || tensor is null)
                throw new ArgumentException("A tensor or its name is null.", nameof(tensors));
            if (name == SafeTensorsHeader.MetadataName)
                throw new ArgumentException($"The name '{name}' is reserved by the format.", nameof(tensors));
            if (!names.Add(name))
                throw new ArgumentException($"Two tensors are named '{name}'.", nameof(tensors));
            if (!SafeTensorsTypes.Supports(tensor.dtype))
                throw new ArgumentException($"The tensor '{name}' is {tensor.dtype}; the format has {SafeTensorsTypes.Known}. Convert it first.", nameof(tensors));
            if (tensor.dim() > TensorBytes.MaxRank)
                throw new ArgumentException($"The tensor '{name}' has {tensor.dim()} axes; at most {TensorBytes.MaxRank} are allowed.", nameof(tensors));
        }

        list.Sort((a, b) =>
        {
            int byType = SafeTensorsTypes.Rank(a.Value.dtype).CompareTo(SafeTensorsTypes.Rank(b.Value.dtype));
            return byType != 0 ? byType : Encoding.UTF8.GetBytes(a.Key).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b.Key));
        });
        return list;
    }

    private static byte[] BuildHeader(List<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            long begin = 0;
            foreach (var (name, tensor) in tensors)
            {
                long end = begin + (tensor.numel() * SafeTensorsTypes.SizeOf(tensor.dtype));
                json.WriteStartObject(name);
                json.WriteString("dtype", SafeTensorsTypes.NameOf(tensor.dtype));
                WriteNumbers(json, "shape", tensor.shape);
                WriteNumbers(json, "data_offsets", begin, end);
                json.WriteEndObject();
                begin = end;
            }

            json.WriteEndObject();
        }

        int padding = (Alignment - (buffer.WrittenCount % Alignment)) % Alignment;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenCount <= SafeTensorsHeader.MaxBytes
            ? buffer.WrittenSpan.ToArray()
            : throw new ArgumentException($"The header takes {buffer.WrittenCount} bytes; at most {SafeTensorsHeader.MaxBytes} are allowed. Use fewer or shorter names.", nameof(tensors));
    }

    private static void WriteMetadata(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var sorted = metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        if (sorted.Length == 0)
            return;
        json.WriteStartObject(SafeTensorsHeader.MetadataName);
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i > 0 && sorted[i].Key == sorted[i - 1].Key)
                throw new ArgumentException($"The metadata '{sorted[i].Key}' is given twice.", nameof(metadata));
            json.WriteString(sorted[i].Key, sorted[i].Value ?? throw new ArgumentException($"The metadata '{sorted[i].Key}' is null.", nameof(metadata)));
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
