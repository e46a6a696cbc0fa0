using System.Text.Json;
using System.Text.Unicode;

namespace Inr.Files;

/// <summary>The JSON header of a safetensors file, parsed and checked before anything is allocated for the tensors.</summary>
internal sealed class SafeTensorsHeader
{
    /// <summary>The longest header that the reference implementation accepts.</summary>
    public const int MaxBytes = 100_000_000;

    /// <summary>The entry that holds text instead of a tensor.</summary>
    public const string MetadataName = "__metadata__";

    // The file is an object of objects of arrays.
    private const int MaxDepth = 3;

    private readonly string _source;
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SafeTensorsEntry> _entries = new(StringComparer.Ordinal);

    private SafeTensorsHeader(string source) => _source = source;

    /// <summary>The text of <see cref="MetadataName"/>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafeTensorsEntry> ByName => _entries;

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<SafeTensorsEntry> InOrder { get; private set; } = [];

    /// <summary>Parses a header.</summary>
    /// <param name="json">The header, padding included.</param>
    /// <param name="dataBytes">The number of bytes that follow it.</param>
    /// <param name="source">The name of the file in messages.</param>
    /// <exception cref="InrFileException">It breaks a rule of the format; the message says which entry and why.</exception>
    public static SafeTensorsHeader Parse(ReadOnlySpan<byte> json, long dataBytes, string source)
    {
        if (!Utf8.IsValid(json))
            throw InputFile.Refuse(source, "its header is not valid UTF-8.");
        if (json.IsEmpty || json[0] != (byte)'{')
            throw InputFile.Refuse(source, "it is not a safetensors file: its header does not begin with '{'.");

        var header = new SafeTensorsHeader(source);
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            header.ReadObject(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is how Utf8JsonReader reports an escape that is half a character.
            throw InputFile.Refuse(source, $"its header is not the JSON of a safetensors file: {e.Message}", e);
        }

        header.RequireContiguous(dataBytes);
        return header;
    }

    private void ReadObject(ref Utf8JsonReader reader)
    {
        bool hasMetadata = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name != MetadataName)
            {
                if (!_entries.TryAdd(name, ReadEntry(ref reader, name)))
                    throw Refuse($"the tensor {InputFile.Quote(name)} occurs twice.");
            }
            else if (hasMetadata)
            {
                throw Refuse($"{MetadataName} occurs twice.");
            }
            else
            {
                ReadMetadata(ref reader);
                hasMetadata = true;
            }
        }

        // Only padding may follow; the reader throws on anything else.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Refuse($"{MetadataName} is not an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Refuse($"the metadata {InputFile.Quote(key)} is not a string.");
            if (!_metadata.TryAdd(key, reader.GetString()!))
                throw Refuse($"the metadata {InputFile.Quote(key)} occurs twice.");
        }
    }

    private SafeTensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        string which = $"the tensor {InputFile.Quote(name)}";
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Refuse($"{which} is not an object.");

        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            reader.Read();
            bool isFirst;
            switch (field)
            {
                case "dtype":
                    isFirst = type is null;
                    type = ReadType(ref reader, which);
                    break;
                case "shape":
                    isFirst = shape is null;
                    shape = ReadNumbers(ref reader, which, field, TensorBytes.MaxRank);
                    break;
                case "data_offsets":
                    isFirst = offsets is null;
                    offsets = ReadNumbers(ref reader, which, field, 2);
                    break;
                default:
                    throw Refuse($"{which} has the unknown field {InputFile.Quote(field)}.");
            }

            if (!isFirst)
                throw Refuse($"{which} has the field '{field}' twice.");
        }

        if (type is null || shape is null || offsets is null)
            throw Refuse($"{which} lacks its {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}.");
        if (offsets.Length != 2 || offsets[0] > offsets[1])
            throw Refuse($"the data_offsets of {which} are {Shapes.List(offsets)}; they must be two ascending numbers.");
        // The size of a foreign type is unknown: its tensor cannot be read, but the others can.
        ScalarType? known = SafeTensorsTypes.TryParse(type, out var dtype) ? dtype : null;
        int size = known is null ? 1 : SafeTensorsTypes.SizeOf(dtype);
        if (TensorBytes.Count(shape, size) is not { } bytes)
            throw Refuse($"the shape {Shapes.List(shape)} of {which} is too large.");
        if (known is not null && bytes != offsets[1] - offsets[0])
            throw Refuse($"{which} has {offsets[1] - offsets[0]} bytes, but {type} {Shapes.List(shape)} takes {bytes}.");
        return new SafeTensorsEntry(name, known, type, shape, offsets[0], offsets[1]);
    }

    private string ReadType(ref Utf8JsonReader reader, string which)
    {
        string? name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return SafeTensorsTypes.IsName(name)
            ? name
            : throw Refuse(SafeTensorsTypes.Unsupported(name, which));
    }

    private long[] ReadNumbers(ref Utf8JsonReader reader, string which, string field, int most)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Refuse($"the {field} of {which} is not an array.");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw Refuse($"the {field} of {which} holds something else than whole numbers from 0 to 2^63-1.");
            if (numbers.Count == most)
                throw Refuse($"the {field} of {which} has more than {most} numbers.");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    private void RequireContiguous(long dataBytes)
    {
        var sorted = _entries.Values.OrderBy(e => e.Begin).ThenBy(e => e.End).ToArray();
        long expected = 0;
        foreach (var entry in sorted)
        {
            string which = $"the tensor {InputFile.Quote(entry.Name)} at bytes {entry.Begin} to {entry.End}";
            if (entry.End > dataBytes)
                throw Refuse($"{which} lies outside the {dataBytes} bytes of data; the file is truncated or damaged.");
            if (entry.Begin != expected)
                throw Refuse($"{which} {(entry.Begin < expected ? "overlaps the one before it" : "leaves a hole before it")}; it must begin at byte {expected}.");
            expected = entry.End;
        }

        if (expected != dataBytes)
            throw Refuse($"its tensors end at byte {expected} of {dataBytes} bytes of data.");
        InOrder = sorted;
    }

    private InrFileException Refuse(string reason) => InputFile.Refuse(_source, reason);
}
