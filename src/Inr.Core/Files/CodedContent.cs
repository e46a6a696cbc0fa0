namespace Inr.Files;

/// <summary>What the compact form of coded parameters holds.</summary>
/// <param name="Target">The function.</param>
/// <param name="Domain">Where the signal was sampled.</param>
/// <param name="Format">How the file of the signal stores its samples; null where that is unknown.</param>
/// <param name="Code">θ.</param>
internal sealed record CodedContent(ITargetFunction Target, SignalDomain Domain, SampleFormat? Format, CodedGroup Code);
