using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Inr.Files;

/// <summary>Reads plain values from the options of a file, which may be hostile: what a target or a learner needs to rebuild itself.</summary>
/// <remarks>A value that is missing or of another kind is a <see cref="FormatException"/> or an <see cref="InvalidOperationException"/>, which the registries turn into one clear <see cref="InrFileException"/>.</remarks>
public static class JsonOptions
{
    /// <summary>A whole number.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "It says what is read.")]
    public static int Int(this JsonObject options, string name) => Value(options, name).GetValue<int>();

    /// <summary>A finite number.</summary>
    public static double Number(this JsonObject options, string name)
    {
        double value = Value(options, name).GetValue<double>();
        return double.IsFinite(value) ? value : throw new FormatException($"'{name}' is not finite.");
    }

    /// <summary>True or false.</summary>
    public static bool Flag(this JsonObject options, string name) => Value(options, name).GetValue<bool>();

    /// <summary>A string.</summary>
    public static string Text(this JsonObject options, string name) => Value(options, name).GetValue<string>();

    private static JsonValue Value(JsonObject options, string name) =>
        options.TryGetPropertyValue(name, out var node) && node is JsonValue value
            ? value
            : throw new FormatException($"'{name}' is missing.");
}
