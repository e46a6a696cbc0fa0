using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Inr.Files;

namespace Inr.Cli.Output;

/// <summary>Results as JSON: names in camel case, what has no meaning left out, files replaced only when complete.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Lossless = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    // JSON has no number for the infinite PSNR of an exact fit: such a field is left out.
    private static readonly JsonSerializerOptions Report = new(Lossless)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutInfinities } },
    };

    /// <summary>Writes a file for other programs; does nothing where none was named.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="value">An object or an array.</param>
    public static void WriteReport<T>(string? path, T value)
    {
        if (path is not null)
            Write(path, value, Report);
    }

    /// <summary>A value as other programs will see it.</summary>
    public static JsonObject ToObject<T>(T value) => JsonSerializer.SerializeToNode(value, Report)!.AsObject();

    /// <summary>Writes a file that <see cref="Load"/> reads back without loss.</summary>
    public static void Save<T>(string path, T value) => Write(path, value, Lossless);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <returns>The value, or null where the file holds no such value.</returns>
    public static T? Load<T>(string path)
        where T : class
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, Lossless);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Write<T>(string path, T value, JsonSerializerOptions format) => AtomicFile.Write(path, stream =>
    {
        JsonSerializer.Serialize(stream, value, format);
        stream.WriteByte((byte)'\n');
    });

    private static void LeaveOutInfinities(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.PropertyType == typeof(double?))
                property.ShouldSerialize = (_, value) => value is double number && double.IsFinite(number);
        }
    }
}
