using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Inr.Files;

namespace Inr.Cli.Output;

/// <summary>What is no report of measures, as JSON: names in camel case, what has no meaning left out, files replaced only when complete.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>Writes a file for other programs; does nothing where none was named.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="value">An object.</param>
    public static void Write<T>(string? path, T value)
    {
        if (path is null)
            return;
        AtomicFile.Write(path, stream =>
        {
            JsonSerializer.Serialize(stream, value, Format);
            stream.WriteByte((byte)'\n');
        });
    }
}
