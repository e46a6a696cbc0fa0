using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Inr.Scenes;

/// <summary>An object of a file of poses, which may be hostile: named values with messages that say where they stand.</summary>
/// <param name="Json">The object.</param>
/// <param name="Source">The file.</param>
/// <param name="Owner">What messages call the object: empty for the file itself, or the frame.</param>
internal sealed partial record JsonFields(JsonElement Json, string Source, string Owner)
{
    private const long MaxBytes = 64L << 20;
    private const int LongestQuote = 80;

    /// <summary>The names that the object has.</summary>
    public IEnumerable<string> Names => Json.EnumerateObject().Select(p => p.Name);

    /// <summary>Parses a file that holds one object; comments, trailing commas and Python's bare NaN and Infinity are borne.</summary>
    /// <exception cref="SignalLoadException">The file cannot be read, is too large, or is no such JSON.</exception>
    public static JsonFields Open(string path)
    {
        var options = new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw new SignalLoadException(path, $"it is larger than {MaxBytes} bytes.");
            string text = File.ReadAllText(path);
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(text, options);
            }
            catch (JsonException) when (text.Contains("NaN", StringComparison.Ordinal) || text.Contains("Infinity", StringComparison.Ordinal))
            {
                // As strings they parse, and the one who reads the number can say where it stands.
                document = JsonDocument.Parse(BareNumbers().Replace(text, m => m.Value[0] == '"' ? m.Value : $"\"{m.Value}\""), options);
            }

            using (document)
            {
                var root = document.RootElement.Clone();
                return root.ValueKind == JsonValueKind.Object
                    ? new JsonFields(root, path, "")
                    : throw new SignalLoadException(path, "it holds no JSON object.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException or ArgumentException)
        {
            throw new SignalLoadException(path, e.Message, e);
        }
    }

    /// <summary>A text of a file for a message: on one line and not longer than it.</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder("'");
        foreach (char letter in text.AsSpan(0, Math.Min(text.Length, LongestQuote)))
            result.Append(char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter);
        return result.Append(text.Length > LongestQuote ? "…'" : "'").ToString();
    }

    /// <summary>The exception that says what is wrong, and in which frame.</summary>
    public SignalLoadException Refuse(string reason) => new(Source, $"{(Owner.Length > 0 ? $"in the frame {Owner}, " : "")}{reason}");

    /// <summary>A value; null where there is none.</summary>
    public JsonElement? Find(string name) => Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A finite number; null where there is none.</summary>
    public double? Number(string name) => Find(name) is { } value ? Number(value, name) : null;

    /// <summary>A finite number within bounds; null where there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="above">What it must be larger than.</param>
    /// <param name="below">What it must be smaller than.</param>
    public double? Number(string name, double above, double below)
    {
        double? value = Number(name);
        return value is not { } number || number > above && number < below
            ? value
            : throw Refuse(string.Create(CultureInfo.InvariantCulture, $"its {name} is {number}; it lies between {above} and {below}."));
    }

    /// <summary>True or false; null where there is neither.</summary>
    public bool? Flag(string name) => Find(name)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Refuse($"its {name} is neither true nor false."),
    };

    /// <summary>A text; null where there is none.</summary>
    public string? Text(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Refuse($"its {name} is no text.");
    }

    /// <summary>A list of texts; null where there is none.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(v => v.GetString()!)]
            : throw Refuse($"its {name} is no list of texts.");
    }

    /// <summary>Numbers of a list, all finite; null where there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="least">The fewest of them.</param>
    /// <param name="most">The most.</param>
    public double[]? Numbers(string name, int least, int most)
    {
        if (Find(name) is not { } value)
            return null;
        int count = value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : -1;
        return count >= least && count <= most
            ? [.. value.EnumerateArray().Select(v => Number(v, name))]
            : throw Refuse($"its {name} is no list of {(least == most ? $"{least}" : $"{least} to {most}")} numbers.");
    }

    /// <summary>A matrix of finite numbers, row by row; null where there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="least">The fewest rows.</param>
    /// <param name="most">The most.</param>
    /// <param name="columns">Its columns.</param>
    public double[]? Matrix(string name, int least, int most, int columns)
    {
        if (Find(name) is not { } value)
            return null;
        bool fits = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() >= least && value.GetArrayLength() <= most
            && value.EnumerateArray().All(row => row.ValueKind == JsonValueKind.Array && row.GetArrayLength() == columns);
        return fits
            ? [.. value.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(v => Number(v, name))]
            : throw Refuse($"its {name} is no matrix of {(least == most ? $"{least}" : $"{least} or {most}")} rows of {columns} numbers.");
    }

    private double Number(JsonElement value, string name)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number))
            return number;
        throw Refuse($"its {name} has {Quote(value.ToString())} where a finite number belongs.");
    }

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b
        """, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex BareNumbers();
}
