using Inr.Files;

namespace Inr.Meta;

/// <summary>A state dict in a file of torch.save: tensors by their names without wrappers, read when asked for.</summary>
internal sealed class TorchState
{
    private readonly TorchArchive _archive;
    private readonly Dictionary<string, PickledTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Lists the tensors of a dictionary.</summary>
    /// <param name="archive">The file.</param>
    /// <param name="state">A dictionary of it whose values are tensors.</param>
    /// <param name="unread">What else the file holds.</param>
    /// <exception cref="FormatException">A key is no name, a value is no tensor, or two names are the same without wrappers.</exception>
    public TorchState(TorchArchive archive, PickledDictionary state, IEnumerable<string> unread)
    {
        _archive = archive;
        var stored = new Dictionary<string, PickledTensor>(StringComparer.Ordinal);
        foreach (object key in state.Keys)
        {
            if (key is not string name)
                throw new FormatException("its state dict has a key that is not a name.");
            stored.Add(name, state[name] as PickledTensor ?? throw new FormatException($"{InputFile.Quote(name)} of its state dict is {Describe(state[name])}, not a tensor."));
        }

        var names = StateNames.Unwrap(stored.Keys, out var removed);
        foreach (var (plain, name) in names)
            _tensors.Add(plain, stored[name]);
        Notes = new ImportNotes
        {
            RemovedPrefixes = removed,
            ConvertedTypes = [.. stored.Values.Select(t => t.Storage.Type).Where(t => t != ScalarType.Float32).Distinct().Select(t => t.ToString()).Order(StringComparer.Ordinal)],
            Unread = [.. unread],
        };
    }

    /// <summary>The shapes by name.</summary>
    public IReadOnlyDictionary<string, long[]> Shapes => _tensors.ToDictionary(p => p.Key, p => p.Value.Shape);

    /// <summary>What was changed or left out.</summary>
    public ImportNotes Notes { get; }

    /// <summary>Reads a tensor, in the type of the file; it belongs to the caller's dispose scope.</summary>
    public Tensor Read(string name) => _archive.Read(_tensors[name]);

    private static string Describe(object? value) => value switch
    {
        null => "None",
        PickledOpaque opaque => opaque.What,
        PickledDictionary => "a dictionary",
        List<object?> => "a list",
        object?[] => "a tuple",
        string => "text",
        bool => "true or false",
        _ => "a number",
    };
}
