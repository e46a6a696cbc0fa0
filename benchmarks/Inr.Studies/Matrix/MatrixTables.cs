using System.Globalization;
using System.Text;

namespace Inr.Studies.Matrix;

/// <summary>The finished cells as Markdown, CSV and JSON.</summary>
internal static class MatrixTables
{
    private const string NotRun = "not run";
    private const string Letters = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖ";

    /// <summary>Writes <c>matrix.md</c>, <c>matrix.csv</c> and <c>matrix.json</c>.</summary>
    /// <param name="folder">The folder of the study.</param>
    /// <param name="columns">The columns to show.</param>
    /// <param name="command">The command that made them.</param>
    public static void Write(string folder, IReadOnlyList<MatrixColumn> columns, string command)
    {
        var rows = MatrixFolder.AllRows(folder);
        StudyFile.Save(Path.Combine(folder, "matrix.json"), rows.Select(row => row.WithoutInfinities()));
        StudyFile.SaveText(Path.Combine(folder, "matrix.csv"), Csv(rows));
        StudyFile.SaveText(Path.Combine(folder, "matrix.md"), Markdown(rows, MatrixFolder.AllSweeps(folder), columns, command));
    }

    /// <summary>Comma-separated values with a point as decimal sign.</summary>
    public static string Csv(IEnumerable<MatrixRow> rows)
    {
        var text = new StringBuilder("data,context,family,column,psnr,maxPsnr,minPsnr,heldOutPsnr,ssim,floats,ownFloats,trainingMinutes,outerSteps,fitMilliseconds,steps,remark,failure\r\n");
        foreach (var r in rows)
        {
            double?[] numbers = [r.Psnr, r.MaxPsnr, r.MinPsnr, r.HeldOutPsnr, r.Ssim, r.Floats, r.OwnFloats, r.TrainingMinutes, r.OuterSteps, r.FitMilliseconds, r.Steps];
            string[] fields = [r.Data, r.Context, r.Family, r.Column, .. numbers.Select(n => n?.ToString("0.####", CultureInfo.InvariantCulture) ?? ""), r.Remark, r.Failure ?? ""];
            text.Append(string.Join(',', fields.Select(Quoted))).Append("\r\n");
        }

        return text.ToString();
    }

    private static string Quoted(string field) => field.AsSpan().ContainsAny(',', '"') ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    private static string Markdown(IReadOnlyList<MatrixRow> rows, IReadOnlyList<MatrixSweep> sweeps, IReadOnlyList<MatrixColumn> columns, string command)
    {
        var page = new StringBuilder();
        page.Append("# Families × ways to get θ\n\n`").Append(command).Append("`\n\n");
        page.Append("Mean (smallest to largest) PSNR in dB over held-out signals, of the whole clean signal, neither clamped nor rounded; floats; ms a fit or an adaptation, by the clock of the command; ");
        page.Append("minutes and outer steps of training. A latent's own numbers stand beside the floats of the whole function. The best of each table is bold.\n");
        foreach (var data in MatrixDataTable.All)
        {
            foreach (var context in MatrixContext.All)
            {
                var table = rows.Where(r => r.Data == data.Name && r.Context == context.Name).ToList();
                if (table.Count > 0)
                    AppendTable(page, data, context, table, columns);
            }
        }

        AppendReasons(page, columns);
        AppendSweeps(page, sweeps);
        return page.ToString();
    }

    private static void AppendTable(StringBuilder page, MatrixData data, MatrixContext context, List<MatrixRow> rows, IReadOnlyList<MatrixColumn> columns)
    {
        double best = rows.Where(r => columns.Any(c => c.Name == r.Column)).Max(r => r.Psnr) ?? double.NaN;
        var reasons = new List<string>();
        page.Append(CultureInfo.InvariantCulture, $"\n## {Sentence(data.Title)}: {context.Title}\n\nAt most {Text.Count(data.Floats)} floats of {Text.Count(data.Samples * data.Channels)} values.\n\n");
        page.Append("| |").Append(string.Concat(columns.Select(c => $" {c.Title} |"))).Append("\n|---|").Append(string.Concat(columns.Select(_ => "---|"))).Append('\n');
        foreach (var family in MatrixFamilyTable.All)
            page.Append(CultureInfo.InvariantCulture, $"| {family.Title} |").Append(string.Concat(columns.Select(c => $" {Cell(rows, family, c, context, best, reasons)} |"))).Append('\n');
        page.Append('\n').Append(string.Join("; ", reasons.Select((reason, i) => $"–{Letter(i)}: {reason}"))).Append(".\n");
    }

    private static string Cell(List<MatrixRow> rows, MatrixFamily family, MatrixColumn column, MatrixContext context, double best, List<string> reasons)
    {
        if (family.ReasonAgainst(column, context) is { } reason)
            return Reference(reason, reasons);
        var row = rows.FirstOrDefault(r => r.Family == family.Name && r.Column == column.Name);
        if (row is null)
            return NotRun;
        if (row.Psnr is not { } psnr)
            return Reference($"failed: {row.Failure}", reasons);
        string mean = Text.Decibels(psnr);
        string own = row.OwnFloats is { } latent ? string.Create(CultureInfo.InvariantCulture, $" ({latent:0} its own)") : "";
        string training = row.TrainingMinutes is { } minutes ? string.Create(CultureInfo.InvariantCulture, $"<br>{minutes:0.0#} min, {row.OuterSteps} steps") : "";
        string remark = row.Remark.Length > 0 ? $"<br>{row.Remark}" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{(psnr == best ? $"**{mean}**" : mean)} ({Text.Decibels(row.MinPsnr)} to {Text.Decibels(row.MaxPsnr)})<br>{row.Floats:0} floats{own}, {row.FitMilliseconds:0.0} ms{training}{remark}");
    }

    // A reason stands below its table once.
    private static string Reference(string reason, List<string> reasons)
    {
        if (!reasons.Contains(reason))
            reasons.Add(reason);
        return $"–{Letter(reasons.IndexOf(reason))}";
    }

    private static char Letter(int index) => Letters[Math.Min(index, Letters.Length - 1)];

    private static void AppendReasons(StringBuilder page, IReadOnlyList<MatrixColumn> columns)
    {
        page.Append("\n## How to read them\n\n");
        page.Append("* Piecewise Fourier is `cell-fourier` (fixed cells, each cut in two) where gradients or learners fit it, and `piecewise-fourier` (the search over partitions) in the column of closed forms.\n");
        page.Append("* Learners for sparse and noisy contexts are trained on such contexts and judged on clean samples: a quarter more training, from the learner of whole signals; a transformer on sparse samples reads a set instead of patches and is trained anew for as long in all.\n");
        page.Append("* Fits from scratch end after their time, at the best state on their context: no samples are held back to stop early, so on noisy samples they fit noise too.\n");
        page.Append("* MAML learns a step size for each tensor; MAML and Reptile start from the inner step size that does best before any training. `cell-fourier` starts learning from the mean signal.\n");
        if (columns.Any(c => !c.Learns))
            page.Append("* Learning rates and the number in the remark of a baseline come from the sweep below, on whole signals of the training set.\n");
    }

    private static void AppendSweeps(StringBuilder page, IReadOnlyList<MatrixSweep> sweeps)
    {
        if (sweeps.Count == 0)
            return;
        page.Append("\n## The sweep of the gradient-fitted baselines\n\n| signals | family | swept | rate | PSNR, dB |\n|---|---|---|---|---|\n");
        foreach (var sweep in sweeps)
        {
            string swept = MatrixFamilyTable.All.First(f => f.Name == sweep.Family).Swept;
            foreach (var trial in sweep.Tried)
            {
                string psnr = double.IsFinite(trial.Psnr) ? Text.Decibels(trial.Psnr) : "diverged";
                page.Append(CultureInfo.InvariantCulture, $"| {sweep.Data} | {sweep.Family} | {(swept.Length > 0 ? $"{swept} {trial.Value}" : "–")} | {trial.Rate} | {(trial == sweep.Best ? $"**{psnr}**" : psnr)} |\n");
            }
        }
    }

    private static string Sentence(string title) => char.ToUpperInvariant(title[0]) + title[1..];
}
