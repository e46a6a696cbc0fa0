using System.Diagnostics.CodeAnalysis;

namespace Inr.Files;

/// <summary>The number types of the safetensors format that libtorch has too.</summary>
internal static class SafeTensorsTypes
{
    private const int LongestName = 32;

    // In the order in which the reference implementation lays tensors out: wide types first, so that all stay aligned.
    private static readonly (string Name, ScalarType Type, int Size)[] Table =
    [
        ("I64", ScalarType.Int64, 8),
        ("F64", ScalarType.Float64, 8),
        ("F32", ScalarType.Float32, 4),
        ("I32", ScalarType.Int32, 4),
        ("BF16", ScalarType.BFloat16, 2),
        ("F16", ScalarType.Float16, 2),
        ("I16", ScalarType.Int16, 2),
        ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>The names, as messages list them.</summary>
    public static string Known => string.Join(", ", Table.Select(t => t.Name));

    /// <summary>Finds a type by the name that files use.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out ScalarType type)
    {
        int i = Array.FindIndex(Table, t => t.Name == name);
        type = i < 0 ? default : Table[i].Type;
        return i >= 0;
    }

    /// <summary>Whether a text can be the name of a type, known or foreign: capital letters, digits and underscores.</summary>
    public static bool IsName([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= LongestName } && char.IsAsciiLetterUpper(name[0]) && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');

    /// <summary>What messages say of a foreign type.</summary>
    public static string Unsupported(string? name, string which) => $"the dtype {InputFile.Quote(name)} of {which} is not supported; supported are {Known}.";

    /// <summary>Whether the format has a type.</summary>
    public static bool Supports(ScalarType type) => Array.Exists(Table, t => t.Type == type);

    /// <summary>The name that files use.</summary>
    public static string NameOf(ScalarType type) => Table[Rank(type)].Name;

    /// <summary>Bytes per number.</summary>
    public static int SizeOf(ScalarType type) => Table[Rank(type)].Size;

    /// <summary>The place of a type in the layout of a file.</summary>
    public static int Rank(ScalarType type) => Array.FindIndex(Table, t => t.Type == type);
}
