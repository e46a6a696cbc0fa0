using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inr.Cli.Output;

/// <summary>Rows as comma-separated values (RFC 4180), with the names of the JSON fields as headings.</summary>
internal static class Csv
{
    private static readonly string[] Columns =
        [.. typeof(ReportRow).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))];

    /// <summary>The text of a file; columns that no row fills are left out.</summary>
    public static string Of(IReadOnlyList<ReportRow> rows)
    {
        var objects = rows.Select(JsonFile.ToObject).ToList();
        string[] filled = [.. Columns.Where(column => objects.Any(o => o.ContainsKey(column)))];
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
