using System.Text.Json.Nodes;

namespace Inr;

/// <summary>What a file keeps of one tensor: plain options, and named parts that are small tensors themselves (bytes or numbers).</summary>
/// <remarks>
/// In a file the part <c>codes</c> of the tensor <c>0.weight</c> is the tensor <c>0.weight:codes</c>; a part without a name is
/// <c>0.weight</c> itself, which other programs read as what it is. A storage may hold another one (a mask holds its values):
/// that one's options and parts lie under a name of the outer one's choice.
/// </remarks>
public sealed class StorageParts
{
    private readonly Dictionary<string, Tensor> _parts;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Collects what is written.</summary>
    /// <param name="parts">Tensors by name, of the types that safetensors has; they stay the caller's.</param>
    /// <param name="options">Plain JSON values; none by default.</param>
    public StorageParts(IReadOnlyDictionary<string, Tensor> parts, JsonObject? options = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts = new Dictionary<string, Tensor>(parts, StringComparer.Ordinal);
        Options = options ?? [];
    }

    /// <summary>Plain JSON values. Those of a file may be hostile.</summary>
    public JsonObject Options { get; }

    /// <summary>The names of the parts, in alphabetical order.</summary>
    public IReadOnlyList<string> Names => [.. _parts.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A part, for a reader that takes every part it knows.</summary>
    /// <returns>The tensor, on the CPU; it belongs to the call that reads.</returns>
    /// <exception cref="FormatException">There is no such part.</exception>
    public Tensor Take(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _taken.Add(name);
        return _parts.TryGetValue(name, out var part)
            ? part
            : throw new FormatException($"its part '{name}' is missing; it has {(_parts.Count == 0 ? "none" : string.Join(", ", Names.Select(n => $"'{n}'")))}.");
    }

    /// <summary>These parts with those of a storage within this one.</summary>
    /// <param name="name">What the outer storage calls the inner one.</param>
    /// <param name="inner">The storage within.</param>
    /// <returns>New parts, with the kind and the options of the inner storage under its name.</returns>
    public StorageParts With(string name, TensorStorage inner)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(inner);
        var encoded = inner.Encode();
        var parts = new Dictionary<string, Tensor>(_parts, StringComparer.Ordinal);
        foreach (var (part, tensor) in encoded._parts)
            parts.Add(InnerName(name, part), tensor);
        var options = (JsonObject)Options.DeepClone();
        options[name] = new JsonObject { [KindName] = inner.Kind, [OptionsName] = encoded.Options.DeepClone() };
        return new StorageParts(parts, options);
    }

    /// <summary>Reads a storage within this one.</summary>
    /// <param name="name">What the outer storage calls the inner one.</param>
    /// <param name="shape">The shape that it decodes to.</param>
    /// <exception cref="InrFileException">Its kind is unknown, or its parts are damaged.</exception>
    /// <exception cref="FormatException">The options do not describe it.</exception>
    public TensorStorage TakeInner(string name, IReadOnlyList<long> shape)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Options[name] is not JsonObject description || description[KindName] is not JsonValue kind || description[OptionsName] is not JsonObject options)
            throw new FormatException($"its options do not say how '{name}' is stored.");
        var inner = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (part, tensor) in _parts)
        {
            if (part != name && !part.StartsWith(name + Separator, StringComparison.Ordinal))
                continue;
            _taken.Add(part);
            inner.Add(part == name ? "" : part[(name.Length + 1)..], tensor);
        }

        return StorageRegistry.Read(kind.GetValue<string>(), shape, new StorageParts(inner, options));
    }

    /// <summary>The parts that no reader took.</summary>
    internal IEnumerable<string> Untaken => Names.Where(n => !_taken.Contains(n));

    /// <summary>The tensors to write, by the names that they have in a file.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> InFile(string tensor) => _parts.Select(p => KeyValuePair.Create(FileName(tensor, p.Key), p.Value));

    /// <summary>The name of a part in a file.</summary>
    internal static string FileName(string tensor, string part) => part.Length == 0 ? tensor : $"{tensor}:{part}";

    internal const string KindName = "kind";

    internal const string OptionsName = "options";

    private const char Separator = '.';

    private static string InnerName(string name, string part) => part.Length == 0 ? name : name + Separator + part;
}
