namespace Inr;

/// <summary>How <see cref="ImplicitRepresentation.Compress"/> codes θ: how small or how exact, and how much work goes into it.</summary>
/// <remarks>
/// At most one of <see cref="BitsPerWeight"/>, <see cref="BitsPerSample"/>, <see cref="FileBytes"/>, <see cref="LossDecibels"/> and <see cref="Psnr"/> is set. With none, 0.1 dB are given up
/// against the signal, or without a signal the coded function is within 50 dB of the one before.
/// </remarks>
public sealed record CompressionOptions
{
    /// <summary>The most bits of the codes for each number of θ.</summary>
    /// <value>The default is null; 0.01 to 24.</value>
    public double? BitsPerWeight { get; init; }

    /// <summary>The most bits of the whole file for each sample of the domain.</summary>
    /// <value>The default is null; above 0. The domain must be a grid, or a signal be given.</value>
    public double? BitsPerSample { get; init; }

    /// <summary>The most bytes of the whole file.</summary>
    /// <value>The default is null; at least 1.</value>
    public long? FileBytes { get; init; }

    /// <summary>The most that the PSNR against the signal may fall, in dB.</summary>
    /// <value>The default is null; above 0. A signal must be given.</value>
    public double? LossDecibels { get; init; }

    /// <summary>The PSNR to reach in dB, for a peak of 1: against the signal, or without one of the coded function against the one before.</summary>
    /// <value>The default is null.</value>
    public double? Psnr { get; init; }

    /// <summary>Steps of fine-tuning, in which the numbers are rounded a few at a time and the others make up for it; a signal must be given.</summary>
    /// <value>The default is null: 500 with a signal, 0 without. More steps give fewer bits.</value>
    public int? TuningSteps { get; init; }

    /// <summary>How far a number of θ moves in a step of tuning, in steps of its codes.</summary>
    /// <value>The default is 0.1; above 0, up to 1.</value>
    public double TuningRate { get; init; } = 0.1;

    /// <summary>Samples of a step of tuning, drawn at random.</summary>
    /// <value>The default is 16,384; at least 1.</value>
    public int BatchSize { get; init; } = 16_384;

    /// <summary>What a bit is worth when a number is rounded: 0 rounds to the nearest level, 1 weighs bits and error as a step finer or coarser would.</summary>
    /// <value>The default is 1; 0 to 8.</value>
    public double RateWeight { get; init; } = 1;

    /// <summary>Random directions of the values by which the sensitivity of every number is estimated.</summary>
    /// <value>The default is 32; at least 1.</value>
    public int Probes { get; init; } = 32;

    /// <summary>The seed of the <see cref="SeededStart"/> from which the function was fitted: tensors are coded as what they moved from there, where that is shorter.</summary>
    /// <value>The default is null: tensors are coded as they are; 0 to <see cref="SeededStart.LargestSeed"/>. The target must be an <see cref="ITrainableTarget"/>.</value>
    public int? StartSeed { get; init; }

    /// <summary>The seed of everything that is drawn.</summary>
    /// <value>The default is 0.</value>
    public long Seed { get; init; }
}
