using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Inr.Evaluation;
using Inr.Files;

namespace Inr.Cli.Output;

/// <summary>Where the results go for programs to read: a file, which is replaced only when complete, the standard output, or nowhere.</summary>
internal sealed class JsonOutput
{
    /// <summary>What stands for the standard output on the command line.</summary>
    public const string Standard = "-";

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    private readonly TextWriter? _standard;

    /// <param name="path">The file; <see cref="Standard"/> for the standard output; null for nowhere.</param>
    /// <param name="standard">The standard output.</param>
    public JsonOutput(string? path, TextWriter standard)
    {
        _standard = path == Standard ? standard : null;
        Path = path == Standard ? null : path;
    }

    /// <summary>The file; null where there is none.</summary>
    public string? Path { get; }

    /// <summary>Writes a row of measures.</summary>
    public void Write(ReportRow row) => Write(stream => ReportFile.WriteJson(stream, row));

    /// <summary>Writes rows of measures.</summary>
    public void Write(IReadOnlyList<ReportRow> rows) => Write(stream => ReportFile.WriteJson(stream, rows));

    /// <summary>Writes what is no row of measures: names in camel case, what has no meaning left out.</summary>
    public void WriteObject<T>(T value) => Write(stream =>
    {
        JsonSerializer.Serialize(stream, value, Format);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>Writes what has a form of its own, such as lines.</summary>
    public void WriteBytes(Action<Stream> write) => Write(write);

    private void Write(Action<Stream> write)
    {
        if (Path is not null)
            AtomicFile.Write(Path, write);
        if (_standard is null)
            return;
        using var memory = new MemoryStream();
        write(memory);
        _standard.Write(System.Text.Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length));
        _standard.Flush();
    }
}
