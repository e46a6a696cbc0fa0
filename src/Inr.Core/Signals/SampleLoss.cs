using System.Globalization;

namespace Inr;

/// <summary>What the samples of a signal lost on their way into a file.</summary>
/// <param name="Samples">How many numbers were written.</param>
/// <param name="Clipped">How many of them lay beyond the range of the file, by more than rounding, and were clipped.</param>
/// <param name="Written">How the file stores them.</param>
/// <param name="Source">How the file that the signal came from stores its samples; null where that is unknown.</param>
public sealed record SampleLoss(long Samples, long Clipped, SampleFormat Written, SampleFormat? Source)
{
    /// <summary>Whether the file is coarser than the one that the signal came from.</summary>
    public bool IsCoarser => Source is not null && Written.IsCoarserThan(Source);

    /// <summary>What was lost, in a sentence for a person; null where nothing was.</summary>
    public string? Warning
    {
        get
        {
            string clipped = Clipped == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Clipped:N0} of {Samples:N0} values lay beyond the range of {Name(Written)} samples and were clipped");
            string coarser = IsCoarser ? $"it has {Name(Written)} samples and its source has {Name(Source!)} ones" : "";
            return (clipped, coarser) switch
            {
                ("", "") => null,
                (_, "") => $"{clipped}.",
                ("", _) => $"{coarser}.",
                _ => $"{clipped}; {coarser}.",
            };
        }
    }

    private static string Name(SampleFormat format) => format.WithRate(0).ToString();
}
