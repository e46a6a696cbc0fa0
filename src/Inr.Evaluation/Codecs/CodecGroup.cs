namespace Inr.Evaluation;

/// <summary>The files of one codec that stand in one line of a table.</summary>
/// <param name="Name">What the table calls them.</param>
/// <param name="Budget">The budget whose fits they are held against; null for none.</param>
/// <param name="Fits">One for each picture.</param>
internal sealed record CodecGroup(string Name, long? Budget, IReadOnlyList<CodecFit> Fits)
{
    /// <summary>The groups that stand beside the contenders of a budget: JPEG files as large as the largest of them, or as each of them where each has a size of its own.</summary>
    /// <param name="contenders">The contenders of one budget.</param>
    /// <param name="result">What was found.</param>
    public static IReadOnlyList<CodecGroup> Beside(IReadOnlyList<Contender> contenders, ComparisonResult result)
    {
        var matched = result.Codecs.Where(f => f.Matched is not null).ToLookup(f => f.Matched);
        if (contenders.Count == 1 || contenders[0].Budget is not null)
            return Filled(new CodecGroup(PictureCodecs.Jpeg, contenders[0].Budget, [.. contenders.SelectMany(c => matched[c.Name]).GroupBy(f => f.Key).Select(fits => fits.MaxBy(f => f.Wanted)!)]));
        return [.. contenders.SelectMany(c => Filled(new CodecGroup($"{PictureCodecs.Jpeg} ({c.Name})", null, [.. matched[c.Name]])))];
    }

    /// <summary>The pictures without any loss; none where there is no picture.</summary>
    public static IReadOnlyList<CodecGroup> Lossless(ComparisonResult result) =>
        Filled(new CodecGroup(PictureCodecs.Png, null, [.. result.Codecs.Where(f => f.Codec == PictureCodecs.Png)]));

    /// <summary>JPEG files by quality: a curve.</summary>
    public static IReadOnlyList<CodecGroup> Curve(ComparisonResult result) =>
        [.. result.Codecs.Where(f => f is { Codec: PictureCodecs.Jpeg, Matched: null }).GroupBy(f => f.Quality).OrderBy(g => g.Key).Select(g => new CodecGroup(PictureCodecs.Jpeg, null, [.. g]))];

    /// <summary>The files of some pictures only; all where none is named.</summary>
    public CodecGroup Of(IReadOnlySet<string> keys) => keys.Count == 0 ? this : this with { Fits = [.. Fits.Where(f => keys.Contains(f.Key))] };

    /// <summary>Means over the pictures, and how PSNR is spread.</summary>
    public ReportRow Summarize()
    {
        var psnr = new Distribution(Fits.Select(f => f.Psnr));
        return Mean() with
        {
            Signals = Fits.Count,
            MaxPsnr = psnr.Max,
            MinPsnr = psnr.Min,
            Psnr05 = psnr.Quantile(0.05),
            Psnr25 = psnr.Quantile(0.25),
            Psnr50 = psnr.Median,
            Psnr75 = psnr.Quantile(0.75),
            Psnr95 = psnr.Quantile(0.95),
        };
    }

    /// <summary>The row of one picture; none where it has no file.</summary>
    public IEnumerable<ReportRow> Describe(string signal) => Fits.Where(f => f.Signal == signal).Select(f => (this with { Fits = [f] }).Mean() with { Signal = signal });

    private ReportRow Mean() => new()
    {
        Target = Name,
        Budget = Budget,
        StoredBytes = Fits.Average(f => f.Bytes),
        Bits = 8 * Fits.Average(f => f.Bytes),
        BitsPerSample = Fits.Average(f => f.BitsPerSample),
        Psnr = Fits.Average(f => f.Psnr),
        Ssim = Fits.Average(f => f.Ssim),
        FitSeconds = Fits.Average(f => f.EncodeSeconds),
        RenderSeconds = Fits.Average(f => f.DecodeSeconds),
    };

    private static CodecGroup[] Filled(CodecGroup group) => group.Fits.Count == 0 ? [] : [group];
}
