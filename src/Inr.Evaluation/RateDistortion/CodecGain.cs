namespace Inr.Evaluation;

/// <summary>How many bits coded cosines need more than another codec at the same PSNR.</summary>
public sealed record CodecGain
{
    /// <summary>The other codec.</summary>
    public required string Codec { get; init; }

    /// <summary>Whether its curve is a published one.</summary>
    public bool IsPublished { get; init; }

    /// <summary>
    /// The share, by <see cref="BjontegaardRate"/> of the mean curves: −0.2 for 20 % fewer bits; null where the curves have no PSNR in
    /// common.
    /// </summary>
    public double? Rate { get; init; }

    /// <summary>The lowest PSNR that both have.</summary>
    public double? LowPsnr { get; init; }

    /// <summary>The highest PSNR that both have.</summary>
    public double? HighPsnr { get; init; }

    /// <summary>The share picture by picture; empty for published curves.</summary>
    public IReadOnlyList<double> PerSignal { get; init; } = [];

    /// <summary>What must be said of a published curve; empty otherwise.</summary>
    public string Caveat { get; init; } = "";
}
