using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inr.Files;

/// <summary>The text part of an <c>.inr</c> file: which target function, which domain, which version.</summary>
internal static class InrMetadata
{
    private const string VersionKey = "inr.format_version";
    private const string KindKey = "inr.target";
    private const string OptionsKey = "inr.options";
    private const string DomainKey = "inr.domain";
    private const string FloatsKey = "inr.floats";
    private const string WriterKey = "inr.generator";
    private const int LongestKind = 80;

    /// <summary>The text to store with a representation.</summary>
    public static Dictionary<string, string> Build(ImplicitRepresentation representation) => new()
    {
        [VersionKey] = Text(InrFile.FormatVersion),
        [KindKey] = representation.Target.Description.Kind,
        [OptionsKey] = representation.Target.Description.Options.ToJsonString(),
        [DomainKey] = representation.Domain.ToJson().ToJsonString(),
        [FloatsKey] = Text(representation.FloatCount),
        [WriterKey] = $"Inr {typeof(InrMetadata).Assembly.GetName().Version?.ToString(3)}",
    };

    /// <summary>Checks and parses the text of a file.</summary>
    /// <exception cref="InrFileException">Something is missing, malformed, contradicts the tensors, or is of a newer version.</exception>
    public static InrFileInfo Parse(SafeTensorsReader reader)
    {
        // First of all the version: what a newer one stores under the other names is unknown.
        int version = (int)ReadNumber(reader, VersionKey, int.MaxValue);
        if (version > InrFile.FormatVersion)
            throw Refuse(reader, $"it has the format version {version}, and this library reads versions up to {InrFile.FormatVersion}. Update the library.");
        if (version < 1)
            throw Refuse(reader, $"its format version {version} does not exist.");

        long floats = ReadNumber(reader, FloatsKey, long.MaxValue);
        long stored = reader.Entries.Sum(e => e.Count);
        if (floats != stored)
            throw Refuse(reader, $"it says that it has {floats} numbers, but its tensors hold {stored}.");
        return new InrFileInfo(
            version,
            ReadKind(reader),
            ReadObject(reader, OptionsKey),
            ReadDomain(reader),
            floats,
            reader.FileBytes,
            reader.Metadata.GetValueOrDefault(WriterKey, ""),
            reader.Entries);
    }

    // Messages print the kind, so that it must fit on a line.
    private static string ReadKind(SafeTensorsReader reader)
    {
        string kind = Required(reader, KindKey);
        return kind.Length is > 0 and <= LongestKind && !kind.Any(char.IsControl)
            ? kind
            : throw Refuse(reader, $"its target function {InputFile.Quote(kind)} is not a name.");
    }

    private static SignalDomain ReadDomain(SafeTensorsReader reader)
    {
        try
        {
            return SignalDomain.FromJson(ReadObject(reader, DomainKey));
        }
        catch (FormatException e)
        {
            throw Refuse(reader, e.Message, e);
        }
    }

    private static JsonObject ReadObject(SafeTensorsReader reader, string key)
    {
        try
        {
            return StrictJson.ParseObject(Required(reader, key));
        }
        catch (JsonException e)
        {
            throw Refuse(reader, $"its metadata '{key}' is invalid: {e.Message}", e);
        }
    }

    private static long ReadNumber(SafeTensorsReader reader, string key, long most)
    {
        string text = Required(reader, key);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= most
            ? number
            : throw Refuse(reader, $"its metadata '{key}' is {InputFile.Quote(text)}, not a whole number up to {most}.");
    }

    private static string Required(SafeTensorsReader reader, string key) => reader.Metadata.TryGetValue(key, out string? text)
        ? text
        : throw Refuse(reader, $"it is not an .inr file: it lacks the metadata '{key}'.");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static InrFileException Refuse(SafeTensorsReader reader, string reason, Exception? innerException = null) =>
        InputFile.Refuse(reader.Source, reason, innerException);
}
