using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Inr.Files;

namespace Inr.Scenes;

/// <summary>An object of a file of poses, which may be hostile: named values with messages that say where they stand.</summary>
/// <param name="Json">The object.</param>
/// <param name="Source">The file.</param>
/// <param name="Owner">What messages call the object: empty for the file itself, or the frame.</param>
internal sealed partial record JsonFields(JsonElement Json, string Source, string Owner)
{
    private const long MaxBytes = 64L << 20;

    /// <summary>The names that the object has.</summary>
    public IEnumerable<string> Names => Json.EnumerateObject().Select(p => p.Name);

    /// <summary>Parses a file that holds one object; comments, trailing commas and Python's bare NaN and Infinity are borne.</summary>
    /// <exception cref="SignalLoadException">The file cannot be read, is too large, or is no such JSON.</exception>
    public static JsonFields Open(string path)
    {
        if (InputFile.WhyNotRegular(path) is { } special)
            throw new SignalLoadException(path, special);
        try
        {
            var root = Parse(ReadText(path));
            RequireUnicode(root);
            return root.ValueKind == JsonValueKind.Object
                ? new JsonFields(root, path, "")
                : throw new SignalLoadException(path, "it holds no JSON object.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new SignalLoadException(path, InputFile.OneLine(e.Message), e);
        }
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

    // The length is asked for first, and not believed: a file may grow.
    private static string ReadText(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        if (file.Length > MaxBytes)
            throw new SignalLoadException(path, $"it is larger than {MaxBytes} bytes.");
        var bytes = new MemoryStream((int)file.Length);
        var piece = new byte[81_920];
        for (int count; (count = file.Read(piece)) > 0;)
        {
            if (bytes.Length + count > MaxBytes)
                throw new SignalLoadException(path, $"it is larger than {MaxBytes} bytes.");
            bytes.Write(piece, 0, count);
        }

        bytes.Position = 0;
        return new StreamReader(bytes).ReadToEnd();
    }

    private static JsonElement Parse(string text)
    {
        var options = new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
        try
        {
            using var document = JsonDocument.Parse(text, options);
            return document.RootElement.Clone();
        }
        catch (JsonException) when (text.Contains("NaN", StringComparison.Ordinal) || text.Contains("Infinity", StringComparison.Ordinal))
        {
            // As strings they parse, and the one who reads the number can say where it stands.
            using var document = JsonDocument.Parse(BareNumbers().Replace(text, m => m.Value[0] == '"' ? m.Value : $"\"{m.Value}\""), options);
            return document.RootElement.Clone();
        }
    }

    // The parser finds an escape that is half a character only when the text is asked for.
    private static void RequireUnicode(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            value.GetString();
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
                RequireUnicode(item);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                _ = property.Name;
                RequireUnicode(property.Value);
            }
        }
    }

    private double Number(JsonElement value, string name)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number))
            return number;
        throw Refuse($"its {name} has {InputFile.Quote(value.ToString())} where a finite number belongs.");
    }

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b
        """, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex BareNumbers();
}
