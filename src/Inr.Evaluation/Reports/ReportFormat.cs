using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Inr.Files;

namespace Inr.Evaluation;

/// <summary>Results as JSON: names in camel case, what has no meaning left out.</summary>
internal static class ReportFormat
{
    /// <summary>For this library: NaN is kept too.</summary>
    public static JsonSerializerOptions Lossless { get; } = new(ReportJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = ReportJson.Default };

    /// <summary>For other programs. The PSNR of an exact fit is the text <c>"Infinity"</c>, for JSON has no such number; what is undefined is left out.</summary>
    public static JsonSerializerOptions Report { get; } = new(Lossless) { TypeInfoResolver = ReportJson.Default.WithAddedModifier(LeaveOutUndefined) };

    /// <summary>Writes a file that is there in full or not at all.</summary>
    public static void Write<T>(string path, T value, JsonSerializerOptions format) => AtomicFile.Write(path, stream => Write(stream, value, format));

    /// <summary>Writes to a stream.</summary>
    public static void Write<T>(Stream stream, T value, JsonSerializerOptions format)
    {
        JsonSerializer.Serialize(stream, value, (JsonTypeInfo<T>)format.GetTypeInfo(typeof(T)));
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Reads what <see cref="Write{T}(string, T, JsonSerializerOptions)"/> wrote, lossless.</summary>
    /// <returns>The value, or null where the file is missing, cannot be read or holds no such value.</returns>
    public static T? Load<T>(string path)
        where T : class
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var stream = InputFile.Open(path);
            return JsonSerializer.Deserialize(stream, (JsonTypeInfo<T>)Lossless.GetTypeInfo(typeof(T)));
        }
        catch (Exception e) when (e is JsonException or InrFileException)
        {
            return null;
        }
    }

    private static void LeaveOutUndefined(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.PropertyType == typeof(double?))
                property.ShouldSerialize = (_, value) => value is double number && !double.IsNaN(number);
        }
    }
}
