using System.Text.Json.Nodes;

namespace Inr.Parameterizations;

/// <summary>Reads plain values from the options of a file, which may be hostile.</summary>
internal static class JsonOptions
{
    /// <summary>A whole number.</summary>
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
