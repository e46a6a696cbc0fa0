namespace Inr.Evaluation;

/// <summary>Compares target functions over signals on equal terms: floats, stored bytes, time, and the distribution of PSNR.</summary>
/// <example>
/// <code>
/// var result = Comparison.Run(["siren", "piecewise-fourier"], ImageFolder.Open("photos"), "report", new ComparisonSettings { Floats = [20_000] });
/// foreach (var row in result.Summary())
///     Console.WriteLine($"{row.Target}: {row.Psnr:0.00} dB with {row.Floats} floats in {row.FitSeconds:0.0} s");
/// </code>
/// </example>
public static class Comparison
{
    /// <summary>Compares target functions and the null models, and writes tables and a page.</summary>
    /// <param name="targets">Names of <see cref="TargetCatalog"/>.</param>
    /// <param name="signals">The signals to fit.</param>
    /// <param name="folder">The folder of the results, created where it is missing: <c>summary</c> and <c>signals</c> as CSV and
    /// JSON, <c>report.html</c>, and every fit as an <c>.inr</c> file. With the same settings, a second run goes on where the first stopped.</param>
    /// <param name="settings">Budgets, context, device; the defaults otherwise.</param>
    /// <param name="listener">Hears where the comparison stands.</param>
    /// <param name="cancellationToken">Ends it; what is finished is returned and kept in the folder.</param>
    /// <exception cref="InrException">A name is unknown, or the folder holds results of other settings.</exception>
    public static ComparisonResult Run(IReadOnlyList<string> targets, ISignalDataset signals, string folder, ComparisonSettings? settings = null, IComparisonListener? listener = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(signals);
        settings ??= new ComparisonSettings();
        var contenders = Contender.Of([.. targets.Select(TargetCatalog.Find).Concat(TargetCatalog.All.Where(t => t.IsNullModel)).Distinct()], settings.Floats);
        using var store = EvaluationFolder.Open(folder, settings.Described());
        var result = Run(contenders, signals, store, settings, listener, cancellationToken);
        // To draw takes seconds, and the same call does it when all is done.
        if (result is { Finished: > 0, IsCancelled: false })
            ReportPage.Write(result, store, signals);
        ComparisonTables.Write(result, folder);
        return result;
    }

    /// <summary>Fits every contender to every signal, keeps what is finished, and goes on past what fails.</summary>
    /// <remarks>All contenders fit a signal before the next one comes, so that a run that is stopped has compared them on equal signals.</remarks>
    /// <param name="contenders">Target functions and budgets, as <see cref="Contender.Of"/> makes them.</param>
    /// <param name="signals">The signals to fit.</param>
    /// <param name="folder">The finished fits; opened with <see cref="ComparisonSettings.Described"/>.</param>
    /// <param name="settings">What all fits have in common.</param>
    /// <param name="listener">Hears where the comparison stands.</param>
    /// <param name="cancellationToken">Ends it; what is finished is returned and kept in the folder.</param>
    public static ComparisonResult Run(IReadOnlyList<Contender> contenders, ISignalDataset signals, EvaluationFolder folder, ComparisonSettings settings, IComparisonListener? listener = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(contenders);
        ArgumentNullException.ThrowIfNull(signals);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(settings);
        return new ComparisonRun(contenders, settings, folder, listener ?? new SilentListener(), cancellationToken).Execute(signals);
    }
}
