namespace Inr.Parameterizations;

/// <summary>How small, or how good, a signal is coded. At most one of the goals is set; without one, <see cref="Quality"/> says it.</summary>
public sealed record CompressedFourierOptions
{
    /// <summary>From 0 to 100; 10 more halve the step of the levels, which is 1/64 of the range [0,1] at 50. Not for networks' floats: for bits.</summary>
    public double Quality { get; init; } = 50;

    /// <summary>The step of the levels itself, in units of the values; null leaves it to the other goals.</summary>
    public double? Step { get; init; }

    /// <summary>The most bits of a file for each sample (pixel), all of its bytes counted.</summary>
    public double? BitsPerSample { get; init; }

    /// <summary>The most bytes of a file.</summary>
    public long? FileBytes { get; init; }

    /// <summary>The least PSNR in dB for a peak of 1, over all samples and channels, unclamped.</summary>
    public double? Psnr { get; init; }

    /// <summary>Whether every sample is kept as it is: for signals of two axes and up to four channels that are whole numbers of 8 or 16 bits. It is a goal as the others are.</summary>
    public bool Lossless { get; init; }

    /// <summary>
    /// Layers of refinements, 0 to 3: a file with layers may be cut anywhere, and what is left is a coarser picture; each layer halves the step. A layer costs some
    /// bytes, see <c>docs/codec.md</c>. Not together with <see cref="Lossless"/>; all boxes have cosines.
    /// </summary>
    public int Refinements { get; init; }

    /// <summary>Threads; 0 for all of the machine. The bytes do not depend on it.</summary>
    public int Threads { get; init; }
}
