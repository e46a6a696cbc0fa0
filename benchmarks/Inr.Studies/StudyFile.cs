using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Inr.Files;

namespace Inr.Studies;

/// <summary>The files of a study: JSON with names in camel case, and texts; each is there in full or not at all.</summary>
internal static class StudyFile
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>Writes a value that <see cref="Load"/> reads back without loss.</summary>
    public static void Save<T>(string path, T value) => AtomicFile.Write(path, stream =>
    {
        JsonSerializer.Serialize(stream, value, Format);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <returns>The value, or null where the file holds no such value.</returns>
    public static T? Load<T>(string path)
        where T : class
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes a text.</summary>
    public static void SaveText(string path, string text) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
