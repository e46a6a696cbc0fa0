using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Inr.Files;

namespace Inr.Evaluation;

/// <summary>Writes report rows for other programs; files are replaced only when complete.</summary>
public static class ReportFile
{
    /// <summary>Writes a row as a JSON object; does nothing where no file was named.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="row">The row; the infinite PSNR of an exact fit is the text <c>"Infinity"</c>, for JSON has no such number.</param>
    /// <exception cref="ArgumentException">The name has the ending of another format.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    public static void WriteJson(string? path, ReportRow row)
    {
        if (path is null)
            return;
        FileKind.Json.Require(path);
        ReportFormat.Write(path, row, ReportFormat.Report);
    }

    /// <summary>Writes rows as a JSON array; does nothing where no file was named.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="rows">The rows; the infinite PSNR of an exact fit is the text <c>"Infinity"</c>, for JSON has no such number.</param>
    /// <exception cref="ArgumentException">The name has the ending of another format.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    public static void WriteJson(string? path, IReadOnlyList<ReportRow> rows)
    {
        if (path is null)
            return;
        FileKind.Json.Require(path);
        ReportFormat.Write(path, rows, ReportFormat.Report);
    }

    /// <summary>Writes a row as a JSON object to a stream, as <see cref="WriteJson(string?, ReportRow)"/> does to a file.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="row">The row.</param>
    public static void WriteJson(Stream stream, ReportRow row) => ReportFormat.Write(stream, row, ReportFormat.Report);

    /// <summary>Writes rows as a JSON array to a stream, as <see cref="WriteJson(string?, IReadOnlyList{ReportRow})"/> does to a file.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="rows">The rows.</param>
    public static void WriteJson(Stream stream, IReadOnlyList<ReportRow> rows) => ReportFormat.Write(stream, rows, ReportFormat.Report);

    /// <summary>Writes rows as comma-separated values (RFC 4180), with the names of the JSON fields as headings; columns that no row fills are left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">The rows.</param>
    /// <exception cref="ArgumentException">The name has the ending of another format.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    public static void WriteCsv(string path, IReadOnlyList<ReportRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        FileKind.Csv.Require(path);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Csv(rows))));
    }

    private static string Csv(IReadOnlyList<ReportRow> rows)
    {
        var type = (JsonTypeInfo<ReportRow>)ReportFormat.Report.GetTypeInfo(typeof(ReportRow));
        var objects = rows.Select(row => JsonSerializer.SerializeToNode(row, type)!.AsObject()).ToList();
        string[] filled = [.. type.Properties.Select(property => property.Name).Where(column => objects.Any(o => o.ContainsKey(column)))];
        var text = new StringBuilder();
        text.Append(string.Join(',', filled)).Append("\r\n");
        foreach (var row in objects)
            text.Append(string.Join(',', filled.Select(column => Field(row[column])))).Append("\r\n");
        return text.ToString();
    }

    private static string Field(JsonNode? value)
    {
        string text = value?.ToString() ?? "";
        return text.AsSpan().ContainsAny(',', '"', '\r') || text.Contains('\n') ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
