namespace Inr;

/// <summary>What the bytes of a compact form hold.</summary>
/// <param name="Target">The function; its θ are the bytes, shape [n].</param>
/// <param name="Domain">Where the signal was sampled.</param>
public sealed record CompactContent(ICompactTarget Target, SignalDomain Domain)
{
    /// <summary>How the file of the signal stores its samples; null where that is unknown.</summary>
    public SampleFormat? Format { get; init; }
}
