using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inr.Files;

/// <summary>Parses JSON objects from files: bounded depth, no name twice.</summary>
public static class StrictJson
{
    private const int MaxDepth = 16;

    /// <summary>Parses one object.</summary>
    /// <exception cref="JsonException">It is not one JSON object, is nested too deeply, or has a name twice.</exception>
    public static JsonObject ParseObject(string json)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        try
        {
            RequireUniqueNames(utf8);
        }
        catch (InvalidOperationException e)
        {
            // How Utf8JsonReader reports an escape that is half a character.
            throw new JsonException("A name in the JSON text is not valid Unicode.", e);
        }

        return JsonNode.Parse(utf8, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth }) as JsonObject
            ?? throw new JsonException("The JSON text is not an object.");
    }

    private static void RequireUniqueNames(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        var open = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                open.Push(new HashSet<string>(StringComparer.Ordinal));
            else if (reader.TokenType == JsonTokenType.EndObject)
                open.Pop();
            else if (reader.TokenType == JsonTokenType.PropertyName && !open.Peek().Add(reader.GetString()!))
                throw new JsonException($"The name {InputFile.Quote(reader.GetString())} occurs twice in a JSON object.");
        }
    }
}
