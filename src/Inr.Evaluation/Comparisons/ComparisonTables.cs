namespace Inr.Evaluation;

/// <summary>Writes the tables of a comparison: one row per contender, one per fit, the sweep, and what failed.</summary>
public static class ComparisonTables
{
    /// <summary>Writes <c>summary</c> and <c>signals</c> as CSV and JSON, and where they exist <c>sweep.json</c> and <c>failures.json</c>.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="folder">The folder.</param>
    public static void Write(ComparisonResult result, string folder)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(folder);
        WriteBoth(folder, "summary", result.Summary());
        WriteBoth(folder, "signals", result.Fits());
        WriteList(Path.Combine(folder, "sweep.json"), result.Plan.Trials);
        WriteList(Path.Combine(folder, "failures.json"), result.Failures);
    }

    // A list of an earlier run must not stay beside the results of this one.
    private static void WriteList<T>(string path, IReadOnlyList<T> list)
    {
        if (list.Count > 0)
            ReportFormat.Write(path, list, ReportFormat.Report);
        else
            File.Delete(path);
    }

    private static void WriteBoth(string folder, string name, IReadOnlyList<ReportRow> rows)
    {
        ReportFile.WriteJson(Path.Combine(folder, name + ".json"), rows);
        ReportFile.WriteCsv(Path.Combine(folder, name + ".csv"), rows);
    }
}
