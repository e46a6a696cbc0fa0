using System.Text;
using Inr.Cli.Output;
using Inr.Files;

namespace Inr.Cli.Compare;

/// <summary>Shows a comparison on the terminal and writes its tables: one row per contender, one per fit, the sweep, and what failed.</summary>
internal static class CompareReport
{
    /// <summary>Prints the table.</summary>
    public static void Print(CompareResult result, Terminal terminal)
    {
        bool heldOut = result.Settings.Context.Fraction < 1;
        terminal.WriteTable(
            ["target", "signals", "floats", "stored", "mean PSNR", "max PSNR", "min PSNR", .. heldOut ? (string[])["held-out"] : [], "SSIM", "fit s", "render ms", "point µs"],
            result.Summary().Select(row => (string[])
            [
                row.Target!, Text.Count(row.Signals), Text.Count(row.Floats), Text.Bytes(row.StoredBytes),
                Text.Decibels(row.Psnr), Text.Decibels(row.MaxPsnr), Text.Decibels(row.MinPsnr), .. heldOut ? (string[])[Text.Decibels(row.HeldOutPsnr)] : [], Text.Similarity(row.Ssim),
                Text.Seconds(row.FitSeconds), Text.Milliseconds(row.RenderSeconds), Text.Microseconds(row.PointSeconds),
            ]));
    }

    /// <summary>Writes <c>summary</c> and <c>signals</c> as CSV and JSON, and where they exist <c>sweep.json</c> and <c>failures.json</c>.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="folder">The report folder.</param>
    public static void Write(CompareResult result, string folder)
    {
        WriteBoth(folder, "summary", result.Summary());
        WriteBoth(folder, "signals", result.Fits());
        WriteList(Path.Combine(folder, "sweep.json"), result.Plan.Trials);
        WriteList(Path.Combine(folder, "failures.json"), result.Failures);
    }

    // A list of an earlier run must not stay beside the results of this one.
    private static void WriteList<T>(string path, IReadOnlyCollection<T> list)
    {
        if (list.Count > 0)
            JsonFile.WriteReport(path, list);
        else
            File.Delete(path);
    }

    private static void WriteBoth(string folder, string name, IReadOnlyList<ReportRow> rows)
    {
        JsonFile.WriteReport(Path.Combine(folder, name + ".json"), rows);
        AtomicFile.Write(Path.Combine(folder, name + ".csv"), stream => stream.Write(Encoding.UTF8.GetBytes(Csv.Of(rows))));
    }
}
