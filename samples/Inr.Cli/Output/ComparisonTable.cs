using Inr.Evaluation;

namespace Inr.Cli.Output;

/// <summary>Shows what a comparison found on the terminal.</summary>
internal static class ComparisonTable
{
    /// <summary>Prints the table.</summary>
    public static void Print(ComparisonResult result, Terminal terminal)
    {
        bool timed = result.Settings.Seconds is not null;
        bool heldOut = result.Settings.Context.Fraction < 1;
        terminal.WriteTable(
            ["target", "signals", "floats", "stored", "bits/sample", "mean PSNR", "max PSNR", "min PSNR", .. heldOut ? (string[])["held-out"] : [], "SSIM", "fit s", .. timed ? (string[])["spent s"] : [], "render ms", "point µs"],
            result.Summary().Select(row => (string[])
            [
                row.Target!, Text.Count(row.Signals), Text.Count(row.Floats), Text.Bytes(row.StoredBytes), Text.BitsPerSample(row.BitsPerSample),
                Text.MeanDecibels(row.Psnr, row.MinPsnr), Text.Decibels(row.MaxPsnr), Text.Decibels(row.MinPsnr), .. heldOut ? (string[])[Text.Decibels(row.HeldOutPsnr)] : [], Text.Similarity(row.Ssim),
                Text.Seconds(row.FitSeconds), .. timed ? (string[])[$"{Text.Seconds(row.SpentSeconds)}{(row.Missed is { } missed ? $" ({missed} missed)" : "")}"] : [], Text.Milliseconds(row.RenderSeconds), Text.Microseconds(row.PointSeconds),
            ]));
        if (result.LeftOut is { Count: > 0 } leftOut)
            terminal.WriteLine($"Means are over the {Text.Count(result.Shared.Count, "signal")} that every target fitted; a fit failed on {Text.List(leftOut)}.");
        else if (result.Shared.Count == 0)
            terminal.WriteLine("The targets share no signal: each mean is over other ones.");
    }
}
