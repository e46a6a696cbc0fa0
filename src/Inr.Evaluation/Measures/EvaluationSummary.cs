namespace Inr.Evaluation;

/// <summary>The four measures of a fitter over its signals: size, time, and the distribution of PSNR with its mean and maximum.</summary>
/// <remarks>A mean PSNR is the mean of the signals' PSNR, not the PSNR of their mean error.</remarks>
public sealed record EvaluationSummary
{
    /// <summary>The number of signals.</summary>
    public required int Signals { get; init; }

    /// <summary>Stored numbers, the mean over signals.</summary>
    public required double Floats { get; init; }

    /// <summary>Bits of the stored numbers, the mean over signals.</summary>
    public required double Bits { get; init; }

    /// <summary>Bits of the stored numbers for each sample, the mean over signals.</summary>
    public required double BitsPerSample { get; init; }

    /// <summary>The size of the <c>.inr</c> files in bytes, the mean over signals.</summary>
    public required double StoredBytes { get; init; }

    /// <summary>PSNR in dB.</summary>
    public required Distribution Psnr { get; init; }

    /// <summary>PSNR in dB of 8-bit values; of images only.</summary>
    public Distribution? Psnr8 { get; init; }

    /// <summary>Structural similarity; of images only.</summary>
    public Distribution? Ssim { get; init; }

    /// <summary>PSNR in dB on samples that the fitter did not see.</summary>
    public Distribution? HeldOutPsnr { get; init; }

    /// <summary>Seconds of a fit or an adaptation.</summary>
    public required Distribution FitSeconds { get; init; }

    /// <summary>Seconds of a render on the signal's own grid.</summary>
    public Distribution? RenderSeconds { get; init; }

    /// <summary>Seconds of one sample of a grid.</summary>
    public Distribution? RenderSecondsPerSample { get; init; }

    /// <summary>Seconds of one sample at a random place.</summary>
    public Distribution? PointSeconds { get; init; }

    /// <summary>Floating-point operations of one sample, the mean over signals.</summary>
    public double? FlopsPerSample { get; init; }

    /// <summary>Summarizes rows.</summary>
    /// <param name="rows">At least one, all of one fitter.</param>
    /// <exception cref="ArgumentException">There is no row.</exception>
    public static EvaluationSummary Of(IReadOnlyCollection<EvaluationRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new ArgumentException("There is no row to summarize.", nameof(rows));
        return new EvaluationSummary
        {
            Signals = rows.Count,
            Floats = rows.Average(r => r.Floats),
            Bits = rows.Average(r => r.Bits),
            BitsPerSample = rows.Average(r => r.BitsPerSample),
            StoredBytes = rows.Average(r => r.StoredBytes),
            Psnr = new Distribution(rows.Select(r => r.Psnr)),
            Psnr8 = Distribution.OfPresent(rows.Select(r => r.Psnr8)),
            Ssim = Distribution.OfPresent(rows.Select(r => r.Ssim)),
            HeldOutPsnr = Distribution.OfPresent(rows.Select(r => r.HeldOutPsnr)),
            FitSeconds = new Distribution(rows.Select(r => r.FitSeconds)),
            RenderSeconds = Distribution.OfPresent(rows.Select(r => r.RenderSeconds)),
            RenderSecondsPerSample = Distribution.OfPresent(rows.Select(r => r.RenderSecondsPerSample)),
            PointSeconds = Distribution.OfPresent(rows.Select(r => r.PointSeconds)),
            FlopsPerSample = rows.Average(r => r.FlopsPerSample),
        };
    }
}
