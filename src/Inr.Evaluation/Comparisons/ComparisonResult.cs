namespace Inr.Evaluation;

/// <summary>What a comparison found: the rows of each contender, and what failed.</summary>
public sealed record ComparisonResult
{
    private const double Tolerance = 0.05;

    /// <summary>The settings.</summary>
    public required ComparisonSettings Settings { get; init; }

    /// <summary>Target functions and budgets, in the order asked for.</summary>
    public required IReadOnlyList<Contender> Contenders { get; init; }

    /// <summary>What was found out before the fits.</summary>
    public required ComparisonPlan Plan { get; init; }

    /// <summary>By contender: the finished fits, in the order of the signals.</summary>
    public required IReadOnlyDictionary<Contender, IReadOnlyList<EvaluationRow>> Rows { get; init; }

    /// <summary>What PNG and JPEG make of the pictures.</summary>
    internal IReadOnlyList<CodecFit> Codecs { get; init; } = [];

    /// <summary>What was skipped.</summary>
    public required IReadOnlyList<ComparisonFailure> Failures { get; init; }

    /// <summary>How many signals were named.</summary>
    public required int SignalCount { get; init; }

    /// <summary>Whether the caller ended it early.</summary>
    public required bool IsCancelled { get; init; }

    /// <summary>How many fits were asked for.</summary>
    public int Planned => SignalCount * Contenders.Count;

    /// <summary>How many are finished; a signal that an early end left between contenders has no row here.</summary>
    public required int Finished { get; init; }

    /// <summary>The contenders that have a row.</summary>
    public IEnumerable<Contender> Present => Contenders.Where(c => Rows[c].Count > 0);

    /// <summary>The contenders that have a row, those of each budget together, from the smallest budget to the largest.</summary>
    internal IReadOnlyList<IReadOnlyList<Contender>> ByBudget => [.. Present.GroupBy(c => c.Budget).OrderBy(g => g.Key).Select(g => (IReadOnlyList<Contender>)[.. g])];

    /// <summary>The signals that means are over, by key: those that every contender with a fit has fitted. A mean over other signals would compare signals, not target functions.</summary>
    /// <value>Empty where the contenders share no signal: each mean is then over the contender's own, and the tables say so.</value>
    public IReadOnlySet<string> Shared => Present.Select(c => Rows[c].Select(r => r.Key)).Aggregate((IEnumerable<string>?)null, (shared, keys) => shared?.Intersect(keys) ?? keys)?.ToHashSet() ?? [];

    /// <summary>The names of signals that some contender has fitted and another has not, so that they are in no mean.</summary>
    public IReadOnlyList<string> LeftOut
    {
        get
        {
            var shared = Shared;
            return shared.Count == 0 ? [] : [.. Present.SelectMany(c => Rows[c]).Where(r => !shared.Contains(r.Key)).Select(r => r.Signal).Distinct().Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>The fits of a contender that its means are over.</summary>
    /// <param name="contender">One that has a fit.</param>
    internal IReadOnlyList<EvaluationRow> RowsOfMeans(Contender contender)
    {
        var shared = Shared;
        return shared.Count == 0 ? Rows[contender] : [.. Rows[contender].Where(r => shared.Contains(r.Key))];
    }

    /// <summary>The fit of a signal, where it is finished.</summary>
    public EvaluationRow? Row(Contender contender, string signal) => Rows[contender].FirstOrDefault(r => r.Signal == signal);

    /// <summary>One row for each contender: means over the signals that all share, and how PSNR is spread.</summary>
    /// <remarks>
    /// On pictures that the fits saw in full, a row <c>jpeg</c> stands after the contenders of each budget: the quality whose
    /// bytes come nearest to those of the largest of them; without a budget, where each has a size of its own, <c>jpeg (NAME)</c>
    /// for each. The last row is <c>png</c>: what the pictures take without any loss.
    /// </remarks>
    public IReadOnlyList<ReportRow> Summary() =>
        [.. ByBudget.SelectMany(group => group.Select(Summarize).Concat(Summarize(CodecGroup.Beside(group, this)))), .. Summarize(CodecGroup.Lossless(this))];

    /// <summary>One row for each fit, and for each file of a codec that stands beside it.</summary>
    public IReadOnlyList<ReportRow> Fits()
    {
        CodecGroup[] codecs = [.. ByBudget.SelectMany(group => CodecGroup.Beside(group, this)), .. CodecGroup.Lossless(this)];
        return [.. SignalNames().SelectMany(name => Present.SelectMany(c => Rows[c].Where(r => r.Signal == name).Select(r => Describe(c, r))).Concat(codecs.SelectMany(group => group.Describe(name))))];
    }

    /// <summary>The names of the signals that have a row, in order.</summary>
    public IReadOnlyList<string> SignalNames() => [.. Present.SelectMany(c => Rows[c].Select(r => r.Signal)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The row of codecs over the signals of the means.</summary>
    internal IEnumerable<ReportRow> Summarize(IEnumerable<CodecGroup> groups)
    {
        var shared = Shared;
        return groups.Select(group => group.Of(shared)).Where(group => group.Fits.Count > 0).Select(group => group.Summarize());
    }

    /// <summary>The row of a contender.</summary>
    internal ReportRow Summarize(Contender contender)
    {
        var rows = RowsOfMeans(contender);
        var all = EvaluationSummary.Of(rows);
        return Common(contender, rows[0]) with
        {
            Signals = all.Signals,
            Floats = all.Floats,
            StoredBytes = all.StoredBytes,
            Bits = all.Bits,
            BitsPerSample = all.BitsPerSample,
            Psnr = all.Psnr.Mean,
            Psnr8 = all.Psnr8?.Mean,
            MaxPsnr = all.Psnr.Max,
            MinPsnr = all.Psnr.Min,
            Psnr05 = all.Psnr.Quantile(0.05),
            Psnr25 = all.Psnr.Quantile(0.25),
            Psnr50 = all.Psnr.Median,
            Psnr75 = all.Psnr.Quantile(0.75),
            Psnr95 = all.Psnr.Quantile(0.95),
            Ssim = all.Ssim?.Mean,
            HeldOutPsnr = all.HeldOutPsnr?.Mean,
            FitSeconds = all.FitSeconds.Mean,
            SpentSeconds = rows.Average(r => r.SpentSeconds),
            Missed = Missed(rows),
            RenderSeconds = all.RenderSeconds?.Mean,
            PointSeconds = all.PointSeconds?.Mean,
            FlopsPerSample = all.FlopsPerSample,
        };
    }

    private ReportRow Describe(Contender contender, EvaluationRow row) => Common(contender, row) with
    {
        Signal = row.Signal,
        Floats = row.Floats,
        StoredBytes = row.StoredBytes,
        Bits = row.Bits,
        BitsPerSample = row.BitsPerSample,
        Psnr = row.Psnr,
        Psnr8 = row.Psnr8,
        Ssim = row.Ssim,
        HeldOutPsnr = row.HeldOutPsnr,
        FitSeconds = row.FitSeconds,
        SpentSeconds = row.SpentSeconds,
        Missed = Missed([row]),
        RenderSeconds = row.RenderSeconds,
        PointSeconds = row.PointSeconds,
        FlopsPerSample = row.FlopsPerSample,
    };

    // Time that is called equal has to be.
    private int? Missed(IEnumerable<EvaluationRow> rows) =>
        Settings.Seconds is { } given && rows.Count(r => r.SpentSeconds is { } spent && Math.Abs(spent - given) > Tolerance * given) is > 0 and var missed ? missed : null;

    private ReportRow Common(Contender contender, EvaluationRow row)
    {
        var tuning = Plan.For(contender);
        return new ReportRow
        {
            Target = contender.Entry.Name,
            Budget = contender.Budget,
            Context = Settings.Context.IsFull ? null : Settings.Context.ToString(),
            LearningRate = tuning.LearningRate,
            Omega = tuning.Omega,
            Steps = contender.Entry.IsIterative ? row.Steps : null,
            Device = row.Device,
            Threads = row.Threads,
            Seed = row.Seed,
        };
    }
}
