namespace Inr.Evaluation;

/// <summary>The measures of one fit, or of one target function over all signals. What has no meaning is left out.</summary>
public sealed record ReportRow
{
    /// <summary>The signal; left out where the row is about several.</summary>
    public string? Signal { get; init; }

    /// <summary>The target function.</summary>
    public string? Target { get; init; }

    /// <summary>The float budget that the target function was given; left out where it used its default.</summary>
    public long? Budget { get; init; }

    /// <summary>What the fitter saw: <c>sparse:0.1</c>, <c>noisy:25</c>; left out where it saw the whole, clean signal.</summary>
    public string? Context { get; init; }

    /// <summary>How many signals the row is about; left out where it is one.</summary>
    public int? Signals { get; init; }

    /// <summary>The meta-learner.</summary>
    public string? Learner { get; init; }

    /// <summary>The count of stored numbers; the mean over signals.</summary>
    public double? Floats { get; init; }

    /// <summary>The size of the file in bytes, its description included; the mean over signals.</summary>
    public double? StoredBytes { get; init; }

    /// <summary>The bits of the stored numbers; the mean over signals.</summary>
    public double? Bits { get; init; }

    /// <summary>The bits of the stored numbers for each sample, such as a pixel; the mean over signals.</summary>
    public double? BitsPerSample { get; init; }

    /// <summary>The numbers that differ from signal to signal, where a learner's code of them is the whole representation; left out where there is none.</summary>
    public double? CodeFloats { get; init; }

    /// <summary>The numbers of a learned prior, which all its signals share and none of them stores; left out where there is none.</summary>
    public double? SharedFloats { get; init; }

    /// <summary>PSNR in dB, neither clamped nor rounded; the mean of the signals' PSNR.</summary>
    public double? Psnr { get; init; }

    /// <summary>PSNR in dB of values clamped to [0,1] and rounded to 8 bits.</summary>
    public double? Psnr8 { get; init; }

    /// <summary>The largest PSNR of a signal.</summary>
    public double? MaxPsnr { get; init; }

    /// <summary>The smallest PSNR of a signal.</summary>
    public double? MinPsnr { get; init; }

    /// <summary>The PSNR that 5 % of the signals stay below.</summary>
    public double? Psnr05 { get; init; }

    /// <summary>The PSNR that a quarter of the signals stay below.</summary>
    public double? Psnr25 { get; init; }

    /// <summary>The median of the signals' PSNR.</summary>
    public double? Psnr50 { get; init; }

    /// <summary>The PSNR that three quarters of the signals stay below.</summary>
    public double? Psnr75 { get; init; }

    /// <summary>The PSNR that 95 % of the signals stay below.</summary>
    public double? Psnr95 { get; init; }

    /// <summary>Structural similarity of images.</summary>
    public double? Ssim { get; init; }

    /// <summary>PSNR in dB on samples that the fitter has not seen.</summary>
    public double? HeldOutPsnr { get; init; }

    /// <summary>Wall-clock seconds of a fit.</summary>
    public double? FitSeconds { get; init; }

    /// <summary>What a budget of time was spent: seconds of the steps, in processor time of all threads divided by their number (of the wall clock on a GPU), without the last look at all samples.</summary>
    public double? SpentSeconds { get; init; }

    /// <summary>How many of the fits missed the budget of time by more than 5 %; left out where none did.</summary>
    public int? Missed { get; init; }

    /// <summary>Wall-clock seconds of the adaptation of a meta-learned prior.</summary>
    public double? AdaptSeconds { get; init; }

    /// <summary>Wall-clock seconds of a render at the signal's own size.</summary>
    public double? RenderSeconds { get; init; }

    /// <summary>Wall-clock seconds of one sample at a random place.</summary>
    public double? PointSeconds { get; init; }

    /// <summary>Floating-point operations of one sample.</summary>
    public double? FlopsPerSample { get; init; }

    /// <summary>The learning rate, where a sweep chose it.</summary>
    public double? LearningRate { get; init; }

    /// <summary>ω₀, where a sweep chose it.</summary>
    public double? Omega { get; init; }

    /// <summary>Steps done; left out for a closed form.</summary>
    public int? Steps { get; init; }

    /// <summary>Where it ran.</summary>
    public string? Device { get; init; }

    /// <summary>Threads of one tensor operation.</summary>
    public int? Threads { get; init; }

    /// <summary>The seed.</summary>
    public long? Seed { get; init; }
}
