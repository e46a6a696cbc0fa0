using System.Text.Json.Nodes;

namespace Inr.Files;

/// <summary>How an <c>.inr</c> file keeps the tensors of θ: what its metadata <c>inr.storage</c> says, and which tensors of the file are parts of which.</summary>
/// <remarks>
/// <c>{"0.weight":{"kind":"quantized","options":{"bits":8},"parts":["codes","scale"]}}</c>: the part <c>codes</c> of the tensor
/// <c>0.weight</c> is the tensor <c>0.weight:codes</c> of the file. A tensor that is not mentioned is plain numbers under its own name.
/// </remarks>
internal sealed class InrStorage
{
    private const string PartsName = "parts";
    private const int LongestKind = 80;
    private const int MostParts = 1024;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The kinds by the name of the tensor.</summary>
    public IReadOnlyDictionary<string, string> Kinds => _entries.ToDictionary(e => e.Key, e => e.Value.Kind, StringComparer.Ordinal);

    /// <summary>Whether every tensor is plain numbers.</summary>
    public bool IsPlain => _entries.Count == 0;

    /// <summary>What the metadata say of stored parameters, and the tensors to write.</summary>
    /// <param name="stored">The parameters.</param>
    /// <param name="tensors">Receives the tensors by the names that they have in the file.</param>
    /// <returns>Null where every tensor is plain numbers.</returns>
    public static JsonObject? Encode(StoredParameters stored, List<KeyValuePair<string, Tensor>> tensors)
    {
        var json = new JsonObject();
        foreach (var (spec, storage) in stored.Layout.Zip(stored))
        {
            var parts = storage.Encode();
            tensors.AddRange(parts.InFile(spec.Name));
            if (storage is DenseStorage)
                continue;
            json[spec.Name] = new JsonObject
            {
                [StorageParts.KindName] = storage.Kind,
                [StorageParts.OptionsName] = parts.Options.DeepClone(),
                [PartsName] = new JsonArray([.. parts.Names.Select(n => JsonValue.Create(n))]),
            };
        }

        return json.Count > 0 ? json : null;
    }

    /// <summary>Parses what the metadata say.</summary>
    /// <exception cref="FormatException">It is malformed, or two tensors claim a part.</exception>
    public static InrStorage Parse(JsonObject json)
    {
        var storage = new InrStorage();
        var claimed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, node) in json)
        {
            if (node is not JsonObject description || description[StorageParts.KindName] is not JsonValue kind || description[StorageParts.OptionsName] is not JsonObject options
                || description[PartsName] is not JsonArray { Count: <= MostParts } parts || !kind.TryGetValue(out string? text) || text.Length is 0 or > LongestKind || text.Any(char.IsControl))
                throw new FormatException($"{InputFile.Quote(name)} is not described by a kind, options and at most {MostParts} parts.");
            string[] names = [.. parts.Select(p => p is JsonValue value && value.TryGetValue(out string? part) ? part : throw new FormatException($"a part of {InputFile.Quote(name)} has no name."))];
            foreach (string part in names)
            {
                if (!claimed.Add(StorageParts.FileName(name, part)))
                    throw new FormatException($"two tensors claim {InputFile.Quote(StorageParts.FileName(name, part))}.");
            }

            storage._entries.Add(name, new Entry(text, options, names));
        }

        return storage;
    }

    /// <summary>The names of the tensors that a file must have for a layout.</summary>
    public IEnumerable<string> FileNames(ParameterLayout layout) => layout.SelectMany(spec =>
        _entries.TryGetValue(spec.Name, out var entry) ? entry.Parts.Select(p => StorageParts.FileName(spec.Name, p)) : [spec.Name]);

    /// <summary>The tensors that it mentions and a layout does not have.</summary>
    public IEnumerable<string> Unknown(ParameterLayout layout) => _entries.Keys.Where(name => !layout.Contains(name));

    /// <summary>Reads the storage of a tensor, whose parts the file is known to have.</summary>
    /// <exception cref="InrFileException">Its kind is unknown, or its parts are damaged; the message names the tensor.</exception>
    public TensorStorage Read(SafeTensorsReader reader, ParameterSpec spec)
    {
        using var scope = NewDisposeScope();
        if (!_entries.TryGetValue(spec.Name, out var entry))
            return TensorStorage.Dense(reader.Read(spec.Name));
        var parts = entry.Parts.ToDictionary(p => p, p => reader.Read(StorageParts.FileName(spec.Name, p)), StringComparer.Ordinal);
        try
        {
            return StorageRegistry.Read(entry.Kind, spec.Shape, new StorageParts(parts, entry.Options));
        }
        catch (InrFileException e)
        {
            throw InputFile.Refuse(reader.Source, $"the tensor {InputFile.Quote(spec.Name)} cannot be decoded: {e.Message}", e);
        }
    }

    private sealed record Entry(string Kind, JsonObject Options, string[] Parts);
}
