using Inr.Cli.Output;
using Inr.Cli.Targets;

namespace Inr.Cli.Compare;

/// <summary>What a comparison found: a row of measures for each fit, and what failed.</summary>
/// <param name="Targets">The target functions, in the order asked for.</param>
/// <param name="Rows">The finished fits.</param>
/// <param name="Failures">What was skipped.</param>
/// <param name="Planned">How many fits were asked for.</param>
/// <param name="Cancelled">Whether the user ended it early.</param>
internal sealed record CompareResult(IReadOnlyList<TargetEntry> Targets, IReadOnlyList<ReportRow> Rows, IReadOnlyList<CompareFailure> Failures, int Planned, bool Cancelled)
{
    /// <summary>One row per target function: means over its signals, and the largest and smallest PSNR.</summary>
    public IReadOnlyList<ReportRow> Summary() =>
        [.. Targets.Select(target => Rows.Where(row => row.Target == target.Name).ToList()).Where(rows => rows.Count > 0).Select(Summarize)];

    private static ReportRow Summarize(List<ReportRow> rows) => new()
    {
        Target = rows[0].Target,
        Floats = rows.Average(r => r.Floats),
        StoredBytes = rows.Average(r => r.StoredBytes),
        Psnr = rows.Average(r => r.Psnr),
        Psnr8 = rows.Average(r => r.Psnr8),
        MaxPsnr = rows.Max(r => r.Psnr),
        MinPsnr = rows.Min(r => r.Psnr),
        Ssim = rows.Average(r => r.Ssim),
        FitSeconds = rows.Average(r => r.FitSeconds),
        RenderSeconds = rows.Average(r => r.RenderSeconds),
        Steps = rows[0].Steps,
        Device = rows[0].Device,
        Threads = rows[0].Threads,
        Seed = rows[0].Seed,
    };
}
