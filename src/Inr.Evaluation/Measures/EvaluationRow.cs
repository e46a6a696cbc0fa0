namespace Inr.Evaluation;

/// <summary>What an evaluation found about one signal. PSNR and SSIM are those of the whole, clean signal.</summary>
public sealed record EvaluationRow
{
    /// <summary>The signal's name in its data set.</summary>
    public required string Signal { get; init; }

    /// <summary>What tells the signal from others: <see cref="SignalKey.Of"/>.</summary>
    public required string Key { get; init; }

    /// <summary>The samples of the signal.</summary>
    public required long Samples { get; init; }

    /// <summary>The samples that the fitter saw.</summary>
    public required long ContextSamples { get; init; }

    /// <summary>The count of stored numbers, nothing left out.</summary>
    public required long Floats { get; init; }

    /// <summary>The bits of the stored numbers: what the file holds without its description.</summary>
    public required long Bits { get; init; }

    /// <summary>The size of the <c>.inr</c> file in bytes, its description included.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>PSNR in dB, neither clamped nor rounded.</summary>
    public required double Psnr { get; init; }

    /// <summary>PSNR in dB of values clamped to [0,1] and rounded to 8 bits; of images only.</summary>
    public double? Psnr8 { get; init; }

    /// <summary>Structural similarity; of images only.</summary>
    public double? Ssim { get; init; }

    /// <summary>PSNR in dB on the samples that the fitter did not see; null where it saw all.</summary>
    public double? HeldOutPsnr { get; init; }

    /// <summary>PSNR in dB on what the fitter saw, noise included.</summary>
    public double? ContextPsnr { get; init; }

    /// <summary>Wall-clock seconds of a fit or an adaptation: the median of <see cref="FitTimings"/>.</summary>
    public required double FitSeconds { get; init; }

    /// <summary>What a budget of time was spent: the seconds of the first fit's steps by the clock of the budget, without the last look at all samples; null without such a budget.</summary>
    public double? SpentSeconds { get; init; }

    /// <summary>The wall-clock seconds of each measured fit, in order.</summary>
    public IReadOnlyList<double> FitTimings { get; init; } = [];

    /// <summary>Wall-clock seconds of a render on the signal's own grid, the median; null for scattered samples.</summary>
    public double? RenderSeconds { get; init; }

    /// <summary>Wall-clock seconds of one sample at a random place, where <see cref="EvaluationOptions.RandomAccessSamples"/> are asked for at once; the median.</summary>
    public double? PointSeconds { get; init; }

    /// <summary>Floating-point operations of one sample; null where the target function does not say.</summary>
    public double? FlopsPerSample { get; init; }

    /// <summary>The steps of the fit; 0 for a closed form.</summary>
    public int Steps { get; init; }

    /// <summary>How the fit ended; cancelled where <see cref="EvaluationOptions.FitTimeLimit"/> ended it.</summary>
    public FitStatus Status { get; init; }

    /// <summary>Where θ lives: <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of one tensor operation.</summary>
    public int Threads { get; init; }

    /// <summary>The seed of the evaluation.</summary>
    public long Seed { get; init; }

    /// <summary>Wall-clock seconds of one sample of a grid; null for scattered samples.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double? RenderSecondsPerSample => RenderSeconds / Samples;

    /// <summary>Bits of the stored numbers for each sample of the signal: bits per pixel of an image, whatever its channels.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double BitsPerSample => (double)Bits / Samples;

    /// <summary>Whether a row that came from a file is that of a signal, with nothing missing: JSON may say null, or nothing, where a value is required.</summary>
    internal bool IsOf(string key) => Key == key && Signal is not null && FitTimings is not null && Device is not null;
}
