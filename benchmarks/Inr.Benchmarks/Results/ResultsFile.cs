using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Reports;

namespace Inr.Benchmarks.Results;

/// <summary>Writes what was measured as a page: machine, command, every row, and those that the library loses.</summary>
/// <param name="Name">The file without its ending, and the page's place in <c>benchmarks/results</c>.</param>
/// <param name="Title">The heading.</param>
/// <param name="Note">What a reader must know to judge the rows.</param>
/// <param name="Classes">The benchmarks whose rows it holds, in order.</param>
internal sealed record ResultsFile(string Name, string Title, string Note, IReadOnlyList<Type> Classes)
{
    private const string FamilyParameter = "Family";

    /// <summary>Writes the page.</summary>
    /// <param name="summaries">What ran.</param>
    /// <param name="folder">The folder.</param>
    public void Write(IReadOnlyList<Summary> summaries, string folder)
    {
        var rows = Classes.SelectMany(type => summaries.SelectMany(s => s.Reports)
            .Where(r => r.BenchmarkCase.Descriptor.Type == type)
            .GroupBy(r => r.BenchmarkCase.Parameters.ValueInfo)
            .Select(Row.Of)).ToList();
        if (rows.Count == 0)
            return;
        var host = summaries[0].HostEnvironmentInfo;
        var page = new StringBuilder();
        page.AppendLine(CultureInfo.InvariantCulture, $"# {Title}").AppendLine();
        page.AppendLine("`dotnet run -c Release --project benchmarks/Inr.Benchmarks -- results`").AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"BenchmarkDotNet {host.BenchmarkDotNetVersion}, {RuntimeInformation.OSDescription}, {Processor()}, {Environment.ProcessorCount} cores, {host.RuntimeVersion}, libtorch on the CPU, float32.").AppendLine();
        page.AppendLine(Note).AppendLine();
        page.AppendLine("| family | by hand, ms | Inr, ms | Inr / by hand | managed memory by hand, kB | Inr, kB |");
        page.AppendLine("|---|---:|---:|---:|---:|---:|");
        foreach (var row in rows)
            page.AppendLine(row.ToString());
        var lost = rows.Where(r => r.Ratio > 1).Select(r => $"{r.Label} ({r.Ratio:0.00}×)").ToList();
        page.AppendLine().AppendLine(lost.Count == 0
            ? "Inr is nowhere slower than the code by hand."
            : $"Slower than the code by hand: {string.Join(", ", lost)}.");
        File.WriteAllText(Path.Combine(folder, Name + ".md"), page.ToString().ReplaceLineEndings("\n"));
    }

    // "Model name : AMD EPYC …" on Linux; elsewhere what the environment says.
    private static string Processor()
    {
        const string File = "/proc/cpuinfo";
        string? line = System.IO.File.Exists(File) ? System.IO.File.ReadLines(File).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown processor";
    }

    private sealed record Row(string Label, double? Plain, double? Inr, double? PlainBytes, double? InrBytes)
    {
        public double? Ratio => Inr / Plain;

        public static Row Of(IEnumerable<BenchmarkReport> reports)
        {
            var all = reports.ToList();
            var parameters = all[0].BenchmarkCase.Parameters;
            string others = string.Join(", ", parameters.Items.Where(p => p.Name != FamilyParameter).Select(p => $"{p.Value}×{p.Value}"));
            string label = $"{parameters[FamilyParameter]}{(others.Length > 0 ? ", " + others : "")}";
            var plain = all.FirstOrDefault(r => r.BenchmarkCase.Descriptor.WorkloadMethod.Name == "Plain");
            var inr = all.FirstOrDefault(r => r.BenchmarkCase.Descriptor.WorkloadMethod.Name == "Inr");
            return new Row(label, Milliseconds(plain), Milliseconds(inr), Bytes(plain), Bytes(inr));
        }

        public override string ToString()
        {
            string ratio = Ratio is { } r ? r > 1 ? $"**{Number(r, "0.00")}**" : Number(r, "0.00") : "–";
            return $"| {Label} | {Number(Plain, "0.0")} | {Number(Inr, "0.0")} | {ratio} | {Number(PlainBytes / 1e3, "0")} | {Number(InrBytes / 1e3, "0")} |";
        }

        private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";

        // Medians: on a shared machine a mean holds the slow runs.
        private static double? Milliseconds(BenchmarkReport? report) => report?.ResultStatistics?.Median / 1e6;

        private static double? Bytes(BenchmarkReport? report) => report?.ResultStatistics is null ? null : report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
    }
}
