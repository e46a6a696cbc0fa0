using System.Text;
using Inr.Cli.Output;
using Inr.Files;

namespace Inr.Cli.Compare;

/// <summary>Shows a comparison and writes its files: one row per target function, one per fit, and what failed.</summary>
internal static class CompareReport
{
    private const string FailureFile = "failures.json";

    /// <summary>Prints the table.</summary>
    public static void Print(CompareResult result, Terminal terminal)
    {
        terminal.WriteTable(
            ["target", "signals", "floats", "stored", "mean PSNR", "max PSNR", "min PSNR", "SSIM", "fit s", "render ms"],
            result.Summary().Select(row => (string[])
            [
                row.Target!, Text.Count(result.Rows.Count(r => r.Target == row.Target)), Text.Count(row.Floats), Text.Bytes(row.StoredBytes),
                Text.Decibels(row.Psnr), Text.Decibels(row.MaxPsnr), Text.Decibels(row.MinPsnr), Text.Similarity(row.Ssim),
                Text.Seconds(row.FitSeconds), Text.Milliseconds(row.RenderSeconds),
            ]));
    }

    /// <summary>Writes <c>summary</c> and <c>signals</c> as CSV and JSON, and <c>failures.json</c> where something failed.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="folder">The report folder.</param>
    public static void Write(CompareResult result, string folder)
    {
        WriteBoth(folder, "summary", result.Summary());
        WriteBoth(folder, "signals", result.Rows);
        string failures = Path.Combine(folder, FailureFile);
        if (result.Failures.Count > 0)
            JsonFile.WriteReport(failures, result.Failures);
        else
            File.Delete(failures);
    }

    private static void WriteBoth(string folder, string name, IReadOnlyList<ReportRow> rows)
    {
        JsonFile.WriteReport(Path.Combine(folder, name + ".json"), rows);
        AtomicFile.Write(Path.Combine(folder, name + ".csv"), stream => stream.Write(Encoding.UTF8.GetBytes(Csv.Of(rows))));
    }
}
