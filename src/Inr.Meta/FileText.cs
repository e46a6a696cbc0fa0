using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inr.Files;

namespace Inr.Meta;

/// <summary>Reads the text of a safetensors file that this package wrote, every piece checked and every refusal naming the file.</summary>
/// <param name="reader">The file.</param>
/// <param name="what">What the file should be, such as <c>a meta-learner</c>.</param>
internal sealed class FileText(SafeTensorsReader reader, string what)
{
    private const int LongestName = 80;
    private const int LongestText = 1 << 20;

    /// <summary>Requires a version of at most the newest known one: what a newer one means by the other names is unknown.</summary>
    /// <returns>The version.</returns>
    public int RequireVersion(string key, int newest)
    {
        string text = Required(key);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version) || version < 1)
            throw Refuse($"its format version is {InputFile.Quote(text)}, which does not exist.");
        if (version > newest)
            throw Refuse($"its format version is {version}; this library reads versions up to {newest}. Update the library.");
        return version;
    }

    /// <summary>Whether the file has a piece of text.</summary>
    public bool Has(string key) => reader.Metadata.ContainsKey(key);

    /// <summary>A name, such as a kind: messages print it.</summary>
    public string Name(string key)
    {
        string text = Required(key);
        return text.Length is > 0 and <= LongestName && !text.Any(char.IsControl)
            ? text
            : throw Refuse($"its metadata '{key}' {InputFile.Quote(text)} is not a name.");
    }

    /// <summary>A JSON object of bounded size and depth in which no name occurs twice.</summary>
    public JsonObject Object(string key)
    {
        string text = Required(key);
        if (text.Length > LongestText)
            throw Refuse($"its metadata '{key}' has {text.Length} characters; at most {LongestText} are allowed.");
        try
        {
            return StrictJson.ParseObject(text);
        }
        catch (JsonException e)
        {
            throw Refuse($"its metadata '{key}' is not a JSON object: {InputFile.OneLine(e.Message)}", e);
        }
    }

    /// <summary>The exception that names the file and says why it is refused.</summary>
    public InrFileException Refuse(string reason, Exception? innerException = null) => InputFile.Refuse(reader.Source, reason, innerException);

    private string Required(string key) =>
        reader.Metadata.GetValueOrDefault(key) ?? throw Refuse($"it is not {what}: it lacks the metadata '{key}'.");
}
