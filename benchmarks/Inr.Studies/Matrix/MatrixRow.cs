namespace Inr.Studies.Matrix;

/// <summary>One finished cell of the matrix.</summary>
internal sealed record MatrixRow
{
    /// <summary>The kind of signals.</summary>
    public required string Data { get; init; }

    /// <summary>What the fitter saw.</summary>
    public required string Context { get; init; }

    /// <summary>The family of target functions.</summary>
    public required string Family { get; init; }

    /// <summary>The way to get θ.</summary>
    public required string Column { get; init; }

    /// <summary>Mean PSNR in dB over the whole, clean signals; null where the cell failed.</summary>
    public double? Psnr { get; init; }

    /// <summary>The largest.</summary>
    public double? MaxPsnr { get; init; }

    /// <summary>The smallest.</summary>
    public double? MinPsnr { get; init; }

    /// <summary>Mean PSNR on samples that the fitter did not see.</summary>
    public double? HeldOutPsnr { get; init; }

    /// <summary>Structural similarity of images.</summary>
    public double? Ssim { get; init; }

    /// <summary>Stored numbers of a representation, the mean.</summary>
    public double? Floats { get; init; }

    /// <summary>The numbers that differ from signal to signal, where the rest is shared.</summary>
    public double? OwnFloats { get; init; }

    /// <summary>Minutes of training of the learner, those on whole signals before it included.</summary>
    public double? TrainingMinutes { get; init; }

    /// <summary>Outer steps of the same.</summary>
    public int? OuterSteps { get; init; }

    /// <summary>Median milliseconds of a fit or an adaptation, by the clock of the study.</summary>
    public double? FitMilliseconds { get; init; }

    /// <summary>Steps of a fit, the mean.</summary>
    public double? Steps { get; init; }

    /// <summary>The PSNR of each signal.</summary>
    public IReadOnlyList<double> Psnrs { get; init; } = [];

    /// <summary>What was swept and chosen, and what else a reader must know.</summary>
    public string Remark { get; init; } = "";

    /// <summary>Why there is no number.</summary>
    public string? Failure { get; init; }

    /// <summary>The row for other programs: JSON has no number for the infinite PSNR of an exact fit.</summary>
    public MatrixRow WithoutInfinities() => this with
    {
        Psnr = Finite(Psnr),
        MaxPsnr = Finite(MaxPsnr),
        MinPsnr = Finite(MinPsnr),
        HeldOutPsnr = Finite(HeldOutPsnr),
    };

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? value : null;
}
