using System.Globalization;
using System.Text;
using Inr.Files;

namespace Inr.Evaluation;

/// <summary>Writes the numbers of a comparison of codecs for other programs.</summary>
public static class RateDistortionTables
{
    /// <summary>A share as percents with a sign, such as <c>−20.1 %</c>.</summary>
    /// <param name="share">The share; null where there is none.</param>
    public static string Percent(double? share) => share is { } value ? (100 * value).ToString("+0.0 '%';−0.0 '%';0.0 '%'", CultureInfo.InvariantCulture) : "-";

    /// <summary>
    /// Writes <c>codecs.json</c> (means and rate-distortion measures), <c>pictures.json</c> and <c>pictures.csv</c> (every file), and
    /// where something failed <c>failures.json</c>.
    /// </summary>
    /// <param name="result">What was found.</param>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InrFileException">A file cannot be written.</exception>
    public static void Write(RateDistortionResult result, string folder)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(folder);
        AtomicFile.Write(Path.Combine(folder, "codecs.json"), stream => WriteJson(stream, result));
        ReportFormat.Write(Path.Combine(folder, "pictures.json"), result.Rows, ReportFormat.Report);
        AtomicFile.Write(Path.Combine(folder, "pictures.csv"), stream => stream.Write(Encoding.UTF8.GetBytes(Csv(result.Rows))));
        string failures = Path.Combine(folder, "failures.json");
        if (result.Failures.Count > 0)
            ReportFormat.Write(failures, result.Failures, ReportFormat.Report);
        else
            File.Delete(failures);
    }

    /// <summary>Writes the means and the rate-distortion measures as a JSON object.</summary>
    /// <param name="stream">It stays open.</param>
    /// <param name="result">What was found.</param>
    public static void WriteJson(Stream stream, RateDistortionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        ReportFormat.Write(stream, new RateDistortionSummary(result.Codecs, result.Means(), result.Gains(), result.Absent), ReportFormat.Report);
    }

    private static string Csv(IReadOnlyList<CodecRow> rows)
    {
        var text = new StringBuilder("codec,setting,signal,bits,bitsPerSample,psnr,encodeSeconds,decodeSeconds,version\r\n");
        foreach (var r in rows)
            text.Append(CultureInfo.InvariantCulture, $"{r.Codec},{r.Setting},{Field(r.Signal!)},{r.Bits},{r.BitsPerSample},{r.Psnr},{r.EncodeSeconds},{r.DecodeSeconds},{Field(r.Version ?? "")}\r\n");
        return text.ToString();
    }

    private static string Field(string text) => text.AsSpan().ContainsAny(',', '"', '\r') || text.Contains('\n') ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
