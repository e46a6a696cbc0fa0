namespace Inr.Evaluation;

/// <summary>What a comparison of codecs writes as JSON.</summary>
/// <param name="Codecs">The codecs.</param>
/// <param name="Points">The means over the pictures.</param>
/// <param name="BdRates">How many bits coded cosines need more than each other curve.</param>
/// <param name="Absent">The codecs that the system does not have.</param>
internal sealed record RateDistortionSummary(
    IReadOnlyList<CodecDescription> Codecs,
    IReadOnlyList<CodecRow> Points,
    IReadOnlyList<CodecGain> BdRates,
    IReadOnlyList<string> Absent);
