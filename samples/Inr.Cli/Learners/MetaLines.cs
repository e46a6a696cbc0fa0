using System.Diagnostics;
using System.Globalization;
using Inr.Cli.Output;
using Inr.Evaluation;

namespace Inr.Cli.Learners;

/// <summary>Prints where a meta-training stands: a line every few seconds, and each look at held-out images.</summary>
internal sealed class MetaLines(Terminal terminal) : IProgress<MetaTrainingProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();

    public void Report(MetaTrainingProgress value)
    {
        if (value.HeldOutPsnr is null && _sinceLast.Elapsed < Pause)
            return;
        _sinceLast.Restart();
        string heldOut = value.HeldOutPsnr is { } psnr ? string.Create(CultureInfo.InvariantCulture, $", held-out {psnr:0.00} dB") : "";
        terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {value.Step}/{value.TotalSteps}{(double.IsNaN(value.Loss) ? "" : string.Create(CultureInfo.InvariantCulture, $", {value.Psnr:0.00} dB"))}{heldOut}, {Text.Duration(value.Remaining)} left"));
    }
}
