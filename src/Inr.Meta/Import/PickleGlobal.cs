namespace Inr.Meta;

/// <summary>A name that a checkpoint may mention, with its meaning here. Names are compared, never looked up: what is not on the list does not exist.</summary>
/// <param name="Name">Module and name, as Python writes them.</param>
/// <param name="Meaning">What it stands for.</param>
/// <param name="Type">The type of the numbers of a storage.</param>
/// <param name="Size">Bytes per number of a storage.</param>
internal sealed record PickleGlobal(string Name, PickleMeaning Meaning, ScalarType Type = ScalarType.Float32, int Size = 0)
{
    private const int LongestName = 80;

    private static readonly Dictionary<string, PickleGlobal> List = Make().ToDictionary(g => g.Name, StringComparer.Ordinal);

    /// <summary>Finds a name.</summary>
    /// <exception cref="FormatException">It is not on the list; the message names it.</exception>
    public static PickleGlobal Find(string module, string name)
    {
        if (List.TryGetValue($"{module}.{name}", out var global))
            return global;
        string which = $"'{Printable(module)}.{Printable(name)}'";
        throw new FormatException(name.EndsWith("Storage", StringComparison.Ordinal) && module.StartsWith("torch", StringComparison.Ordinal)
            ? $"its numbers are of the type {which}, which is not read; those of {string.Join(", ", List.Values.Where(g => g.Meaning == PickleMeaning.Storage).Select(g => g.Name))} are."
            : $"its pickle names {which}, which is not allowed: a checkpoint may hold tensors and plain values, and no objects of other classes. Where it is a whole model, save its state_dict() instead. Nothing was run.");
    }

    private static IEnumerable<PickleGlobal> Make() =>
    [
        new("collections.OrderedDict", PickleMeaning.Dictionary),
        new("torch._utils._rebuild_tensor", PickleMeaning.Tensor),
        new("torch._utils._rebuild_tensor_v2", PickleMeaning.Tensor),
        new("torch._utils._rebuild_parameter", PickleMeaning.Wrapper),
        new("torch._utils._rebuild_parameter_with_state", PickleMeaning.Wrapper),
        new("torch._tensor._rebuild_from_type_v2", PickleMeaning.TensorOfType),
        new("torch.Size", PickleMeaning.Size),
        new("torch.FloatStorage", PickleMeaning.Storage, ScalarType.Float32, 4),
        new("torch.HalfStorage", PickleMeaning.Storage, ScalarType.Float16, 2),
        new("torch.BFloat16Storage", PickleMeaning.Storage, ScalarType.BFloat16, 2),
        new("torch.DoubleStorage", PickleMeaning.Storage, ScalarType.Float64, 8),
        new("torch.LongStorage", PickleMeaning.Storage, ScalarType.Int64, 8),
        new("torch.IntStorage", PickleMeaning.Storage, ScalarType.Int32, 4),
        new("torch.ShortStorage", PickleMeaning.Storage, ScalarType.Int16, 2),
        new("torch.CharStorage", PickleMeaning.Storage, ScalarType.Int8, 1),
        new("torch.ByteStorage", PickleMeaning.Storage, ScalarType.Byte, 1),
        new("torch.BoolStorage", PickleMeaning.Storage, ScalarType.Bool, 1),
        .. Bystanders.Select(name => new PickleGlobal(name, PickleMeaning.Bystander)),
    ];

    // What trainers save beside weights: settings, paths, times, random states, numbers of NumPy, types as values.
    private static IEnumerable<string> Bystanders =>
    [
        "collections.defaultdict", "collections.Counter", "collections.deque",
        "argparse.Namespace", "types.SimpleNamespace",
        "pathlib.PosixPath", "pathlib.PurePosixPath", "pathlib.WindowsPath", "pathlib.PureWindowsPath",
        "pathlib._local.PosixPath", "pathlib._local.WindowsPath",
        "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta", "datetime.timezone",
        "copyreg._reconstructor", "copy_reg._reconstructor", "_codecs.encode",
        .. Of("builtins __builtin__", "object set frozenset bytearray bytes complex slice range list dict tuple int float str bool"),
        .. Of("numpy.core.multiarray numpy._core.multiarray", "scalar _reconstruct"),
        "numpy.dtype", "numpy.ndarray", "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer",
        "torch.device", "torch.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer",
        .. Of("torch", "float16 bfloat16 float32 float64 int8 int16 int32 int64 uint8 bool complex64 complex128 strided contiguous_format channels_last preserve_format"),
        "torch.serialization._get_layout",
        "lightning_fabric.utilities.data.AttributeDict", "lightning.fabric.utilities.data.AttributeDict", "pytorch_lightning.utilities.parsing.AttributeDict",
    ];

    // The names of modules: each of the first with each of the second, both divided by spaces.
    private static IEnumerable<string> Of(string modules, string names) =>
        modules.Split(' ').SelectMany(module => names.Split(' ').Select(name => $"{module}.{name}"));

    private static string Printable(string name) => string.Concat(name.Take(LongestName).Select(c => char.IsControl(c) ? '?' : c)) + (name.Length > LongestName ? "..." : "");
}
