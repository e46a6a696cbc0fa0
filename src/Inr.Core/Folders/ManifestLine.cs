using System.Text.Encodings.Web;
using System.Text.Json;

namespace Inr.Folders;

/// <summary>Entries as lines of JSON: names in camel case, what has no value left out.</summary>
internal static class ManifestLine
{
    private static readonly FolderJson Format = new(new JsonSerializerOptions(FolderJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>A line with its end, as UTF-8.</summary>
    public static byte[] Of(FolderEntry entry) => [.. JsonSerializer.SerializeToUtf8Bytes(entry, Format.FolderEntry), (byte)'\n'];

    /// <summary>The entry of a line; null where the line is damaged, as the last one of a run that was killed may be.</summary>
    public static FolderEntry? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, Format.FolderEntry) is { Source: not null, Settings: not null } entry ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
