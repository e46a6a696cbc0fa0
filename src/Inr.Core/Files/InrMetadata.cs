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
    private const string SamplesKey = "inr.samples";
    private const string FloatsKey = "inr.floats";
    private const string BitsKey = "inr.bits";
    private const string StorageKey = "inr.storage";
    private const string WriterKey = "inr.generator";
    private const int LongestKind = 80;

    /// <summary>The text to store with a representation.</summary>
    /// <param name="representation">The representation.</param>
    /// <param name="storage">What <see cref="InrStorage.Encode"/> says; null where every tensor is plain numbers, which speak for themselves.</param>
    public static Dictionary<string, string> Build(ImplicitRepresentation representation, JsonObject? storage)
    {
        var text = new Dictionary<string, string>
        {
            [VersionKey] = Text(InrFile.FormatVersion),
            [KindKey] = representation.Target.Description.Kind,
            [OptionsKey] = representation.Target.Description.Options.ToJsonString(),
            [DomainKey] = representation.Domain.ToJson().ToJsonString(),
            [FloatsKey] = Text(representation.FloatCount),
            [WriterKey] = $"Inr {typeof(InrMetadata).Assembly.GetName().Version?.ToString(3)}",
        };
        if (representation.Format is { } format)
            text[SamplesKey] = format.ToJson().ToJsonString();
        if (storage is not null)
        {
            text[BitsKey] = Text(representation.BitCount);
            text[StorageKey] = storage.ToJsonString();
        }

        return text;
    }

    /// <summary>Checks and parses the text of a file.</summary>
    /// <exception cref="InrFileException">Something is missing, malformed, contradicts the tensors, or is of a newer version.</exception>
    public static (InrFileInfo Info, InrStorage Storage) Parse(SafeTensorsReader reader)
    {
        // First of all the version: what a newer one stores under the other names is unknown.
        int version = (int)ReadNumber(reader, VersionKey, int.MaxValue);
        if (version > InrFile.FormatVersion)
            throw Refuse(reader, $"it has the format version {version}, and this library reads versions up to {InrFile.FormatVersion}. Update the library.");
        if (version < 1)
            throw Refuse(reader, $"its format version {version} does not exist.");

        var storage = ReadStorage(reader);
        long floats = ReadNumber(reader, FloatsKey, long.MaxValue), bits = 8 * reader.Entries.Sum(e => e.ByteCount);
        if (storage.IsPlain)
            RequireCount(reader, floats, reader.Entries.Sum(e => e.Count));
        else
            bits = ReadNumber(reader, BitsKey, long.MaxValue);
        var info = new InrFileInfo(
            version,
            ReadKind(reader),
            ReadObject(reader, OptionsKey),
            ReadDomain(reader),
            floats,
            bits,
            reader.FileBytes,
            reader.Metadata.GetValueOrDefault(WriterKey, ""),
            storage.Kinds,
            reader.Entries)
        {
            Format = ReadFormat(reader),
        };
        return (info, storage);
    }

    /// <summary>Requires that a file holds the numbers that it says.</summary>
    public static void RequireCount(SafeTensorsReader reader, long said, long held)
    {
        if (said != held)
            throw Refuse(reader, $"it says that it has {said} numbers, but its tensors hold {held}.");
    }

    private static InrStorage ReadStorage(SafeTensorsReader reader)
    {
        try
        {
            return InrStorage.Parse(reader.Metadata.ContainsKey(StorageKey) ? ReadObject(reader, StorageKey) : []);
        }
        catch (FormatException e)
        {
            throw Refuse(reader, $"its metadata '{StorageKey}' is invalid: {e.Message}", e);
        }
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

    private static SampleFormat? ReadFormat(SafeTensorsReader reader)
    {
        if (!reader.Metadata.ContainsKey(SamplesKey))
            return null;
        try
        {
            return SampleFormat.FromJson(ReadObject(reader, SamplesKey));
        }
        catch (FormatException e)
        {
            throw Refuse(reader, InputFile.OneLine(e.Message), e);
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
