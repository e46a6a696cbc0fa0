namespace Inr.Evaluation;

/// <summary>What codecs made of pictures.</summary>
public sealed record RateDistortionResult
{
    /// <summary>The codec that the others are compared with: coded cosines.</summary>
    public const string Own = CodedCosines.CodecName;

    /// <summary>One row for each codec, setting and picture.</summary>
    public required IReadOnlyList<CodecRow> Rows { get; init; }

    /// <summary>The codecs, with what they are and, but for the library's own, program and version.</summary>
    public required IReadOnlyList<CodecDescription> Codecs { get; init; }

    /// <summary>Published curves of the same pictures; none where the pictures are others.</summary>
    public required IReadOnlyList<PublishedCurve> Published { get; init; }

    /// <summary>What was skipped, pictures and codecs.</summary>
    public required IReadOnlyList<ComparisonFailure> Failures { get; init; }

    /// <summary>The codecs that the system does not have, with the package that has them.</summary>
    public required IReadOnlyList<string> Absent { get; init; }

    /// <summary>The pictures that every codec has in full: those that means are over.</summary>
    public required IReadOnlyList<string> Signals { get; init; }

    /// <summary>Whether the caller ended it early.</summary>
    public required bool IsCancelled { get; init; }

    /// <summary>The means over the pictures, a row for each codec and setting.</summary>
    public IReadOnlyList<CodecRow> Means()
    {
        var signals = Signals.ToHashSet(StringComparer.Ordinal);
        return [.. Rows.Where(r => signals.Contains(r.Signal!)).GroupBy(r => (r.Codec, r.Setting)).Select(Mean)];
    }

    /// <summary>The mean curve of a codec.</summary>
    /// <param name="codec">Its name.</param>
    public IReadOnlyList<RatePoint> Curve(string codec) => [.. Means().Where(r => r.Codec == codec).Select(r => r.Point)];

    /// <summary>The curve of a codec on one picture.</summary>
    /// <param name="codec">Its name.</param>
    /// <param name="signal">The picture.</param>
    public IReadOnlyList<RatePoint> Curve(string codec, string signal) => [.. Rows.Where(r => r.Codec == codec && r.Signal == signal).Select(r => r.Point)];

    /// <summary>How many bits coded cosines need more than each other curve, for the mean curves and picture by picture.</summary>
    public IReadOnlyList<CodecGain> Gains()
    {
        var own = Curve(Own);
        var measured = Codecs.Where(c => c.Name != Own).Select(c => Gain(c.Name, Curve(c.Name), own, "") with
        {
            PerSignal = [.. Signals.Select(s => BjontegaardRate.Between(Curve(c.Name, s), Curve(Own, s))).OfType<double>()],
        });
        return [.. measured, .. Published.Select(p => Gain(p.Method, p.Points, own, p.Caveat) with { IsPublished = true })];
    }

    private static CodecGain Gain(string name, IReadOnlyList<RatePoint> reference, IReadOnlyList<RatePoint> own, string caveat)
    {
        var range = BjontegaardRate.CommonRange(reference, own);
        return new CodecGain { Codec = name, Rate = BjontegaardRate.Between(reference, own), LowPsnr = range?.Low, HighPsnr = range?.High, Caveat = caveat };
    }

    private static CodecRow Mean(IGrouping<(string Codec, double Setting), CodecRow> rows) => rows.First() with
    {
        Signal = null,
        Signals = rows.Count(),
        Bits = rows.Average(r => r.Bits),
        BitsPerSample = rows.Average(r => r.BitsPerSample),
        Psnr = rows.Average(r => r.Psnr),
        EncodeSeconds = rows.Average(r => r.EncodeSeconds),
        DecodeSeconds = rows.Average(r => r.DecodeSeconds),
    };
}
