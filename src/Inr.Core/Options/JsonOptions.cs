using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Inr.Files;

/// <summary>Reads plain values from the options of a file, which may be hostile: the one way in which targets, learners and stored tensors read theirs.</summary>
/// <remarks>Every member throws where a value is missing or of another kind, and names it; the validator of the options judges its size.</remarks>
public static class JsonOptions
{
    /// <summary>A whole number.</summary>
    /// <exception cref="FormatException">It is missing.</exception>
    /// <exception cref="InvalidOperationException">It is no whole number.</exception>
    [SuppressMessage("Naming", "CA1720", Justification = "It says what is read.")]
    public static int Int(this JsonObject options, string name) => Value(options, name).GetValue<int>();

    /// <summary>A whole number, or null where it is missing or null.</summary>
    public static int? IntOrNull(this JsonObject options, string name) => Has(options, name) ? options.Int(name) : null;

    /// <summary>A whole number of 64 bits.</summary>
    /// <exception cref="FormatException">It is missing.</exception>
    [SuppressMessage("Naming", "CA1720", Justification = "It says what is read.")]
    public static long Long(this JsonObject options, string name) => Value(options, name).GetValue<long>();

    /// <summary>A finite number.</summary>
    /// <exception cref="FormatException">It is missing or not finite.</exception>
    public static double Number(this JsonObject options, string name)
    {
        double value = Value(options, name).GetValue<double>();
        return double.IsFinite(value) ? value : throw new FormatException($"'{name}' is not finite.");
    }

    /// <summary>A finite number, or null where it is missing or null.</summary>
    public static double? NumberOrNull(this JsonObject options, string name) => Has(options, name) ? options.Number(name) : null;

    /// <summary>True or false.</summary>
    /// <exception cref="FormatException">It is missing.</exception>
    public static bool Flag(this JsonObject options, string name) => Value(options, name).GetValue<bool>();

    /// <summary>A string.</summary>
    /// <exception cref="FormatException">It is missing.</exception>
    public static string Text(this JsonObject options, string name) => Value(options, name).GetValue<string>();

    /// <summary>A value of an enum, by its name.</summary>
    /// <exception cref="FormatException">It is missing, or none of the names; the message lists them.</exception>
    public static T Name<T>(this JsonObject options, string name)
        where T : struct, Enum => Enum.TryParse<T>(options.Text(name), out var value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"'{name}' is {InputFile.Quote(options.Text(name))}; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>A list of plain values.</summary>
    /// <exception cref="FormatException">It is missing or no list, or an entry is null.</exception>
    public static T[] List<T>(this JsonObject options, string name) => Node(options, name) is JsonArray array
        ? [.. array.Select(n => (n ?? throw new FormatException($"An entry of '{name}' is null.")).GetValue<T>())]
        : throw new FormatException($"'{name}' is no list.");

    /// <summary>Options inside options.</summary>
    /// <exception cref="FormatException">They are missing, or no object.</exception>
    public static JsonObject Child(this JsonObject options, string name) =>
        Node(options, name) as JsonObject ?? throw new FormatException($"'{name}' is no object.");

    /// <summary>Whether a value is there and not null.</summary>
    public static bool Has(this JsonObject options, string name)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.TryGetPropertyValue(name, out var node) && node is not null;
    }

    private static JsonNode Node(JsonObject options, string name) =>
        Has(options, name) ? options[name]! : throw new FormatException($"'{name}' is missing.");

    private static JsonValue Value(JsonObject options, string name) =>
        Node(options, name) as JsonValue ?? throw new FormatException($"'{name}' is no plain value.");
}
