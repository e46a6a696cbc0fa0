using System.Globalization;
using System.Reflection;
using System.Text;
using Inr.Files;

namespace Inr.Evaluation;

/// <summary>The comparison as one HTML page that needs nothing beside it: no script, no font, no file.</summary>
public sealed class ReportPage
{
    /// <summary>Its name in the report folder.</summary>
    public const string FileName = "report.html";

    private readonly ComparisonResult _result;
    private readonly List<Contender> _contenders;
    private readonly IReadOnlyList<ReportRow> _summary;
    private readonly IReadOnlyList<string> _targets;
    private readonly string? _command;
    private readonly Html _page = new();

    private ReportPage(ComparisonResult result, string? command)
    {
        _result = result;
        _command = command;
        _contenders = [.. result.ByBudget.SelectMany(group => group)];
        _summary = [.. _contenders.Select(result.Summarize)];
        _targets = [.. result.Contenders.Select(c => c.Entry.Name).Distinct()];
    }

    // What follows a plus sign names a build.
    internal static string Version => typeof(ReportPage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private bool HasHeldOut => _summary.Any(r => r.HeldOutPsnr is not null);

    /// <summary>Writes the page.</summary>
    /// <param name="result">What was found; at least one fit.</param>
    /// <param name="folder">The report folder, with the representations.</param>
    /// <param name="signals">The signals.</param>
    /// <param name="command">The command line that made it, which the page repeats; null where there was none.</param>
    public static void Write(ComparisonResult result, EvaluationFolder folder, ISignalDataset signals, string? command = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(signals);
        string text = new ReportPage(result, command).Build(folder, signals);
        AtomicFile.Write(Path.Combine(folder.Folder, FileName), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private string Build(EvaluationFolder folder, ISignalDataset signals)
    {
        WriteHead();
        _page.Raw("<main>");
        WriteSummary();
        WriteCharts();
        new PictureSection(_result, folder).Write(_page, signals);
        new SoundSection(_result, folder).Write(_page, signals);
        WriteSweep();
        WriteFailures();
        WriteFits();
        WriteMethod();
        _page.Raw("</main>");
        _page.Raw("<footer>The same numbers for programs: <code>summary.csv</code>, <code>summary.json</code>, <code>signals.csv</code> and <code>signals.json</code> beside this page; every fit is an <code>.inr</code> file in <code>rows</code>.</footer>");
        _page.Raw("</body></html>");
        return _page.ToString();
    }

    private void WriteHead()
    {
        string title = $"{_targets.Count} target function{(_targets.Count == 1 ? "" : "s")} over {ReportText.Count(_result.SignalNames().Count, "signal")}";
        _page.Raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        _page.Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">");
        _page.Element("title", $"Inr: {title}");
        _page.Raw($"<style>{StyleSheet()}</style></head><body>");
        _page.Raw("<header class=\"head\">");
        _page.Element("h1", title);
        _page.Raw($"<ul class=\"lead verdict\">{string.Concat(Verdicts().Select(v => $"<li>{Html.Escape(v)}</li>"))}</ul>");
        if (_result.IsCancelled || _result.Finished < _result.Planned)
            _page.Element("p", $"{_result.Finished} of {ReportText.Count(_result.Planned, "fit")} are finished; means are over those.", "class=\"note\"");
        _page.Raw("<ul class=\"facts\">" + string.Concat(Facts().Select(f => $"<li>{Html.Escape(f.Name)} <b>{Html.Escape(f.Value)}</b></li>")) + "</ul>");
        if (_command is not null)
            _page.Raw($"<p class=\"command\"><code>{Html.Escape(_command)}</code></p>");
        _page.Raw("</header>");
    }

    private IEnumerable<(string Name, string Value)> Facts()
    {
        var settings = _result.Settings;
        if (settings.Floats.Count > 0)
            yield return ("floats at most", string.Join(", ", settings.Floats.Select(f => ReportText.Count(f))));
        yield return ("context", settings.Context.ToString());
        yield return settings.Seconds is { } seconds ? ("time of a gradient fit", ReportText.Seconds(seconds) + " s")
            : ("gradient steps", _summary.FirstOrDefault(r => r.Steps is not null)?.Steps is { } steps ? ReportText.Count(steps) : "none");
        yield return ("device", settings.DeviceName);
        yield return ("processor", Processor.Name);
        yield return ("threads", ReportText.Count(settings.Threads));
        yield return ("seed", settings.Seed.ToString(CultureInfo.InvariantCulture));
        yield return ("Inr", Version);
        yield return ("written", DateTimeOffset.Now.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture));
    }

    // The first sentence that a reader wants: who is best, and by how much over the model that knows nothing.
    private IEnumerable<string> Verdicts()
    {
        var groups = _result.Present.GroupBy(c => c.Budget).ToList();
        foreach (var group in groups)
        {
            var best = group.MaxBy(MeanPsnr)!;
            string start = groups.Count > 1 ? $"At {ReportText.Count(group.Key)} floats, {best.Entry.Name}" : $"{char.ToUpperInvariant(best.Entry.Name[0])}{best.Entry.Name[1..]}";
            string line = $"{start} has the highest mean PSNR, {ReportText.Decibels(MeanPsnr(best))} dB";
            var rival = group.Where(c => c.Entry.IsNullModel && c != best).MaxBy(MeanPsnr);
            if (best.Entry.IsNullModel)
                line += group.All(c => c.Entry.IsNullModel) ? "" : ": the null model wins, and no other target function beats it here";
            else if (rival is not null && PairedGain.Of(_result.Rows[best], _result.Rows[rival]) is { } gain)
                line += $": {Gain(gain)} dB over the best null model, {rival.Entry.Name}, and ahead on {gain.Wins} of {ReportText.Count(gain.Signals, "signal")}";
            if (_result.Summarize(CodecGroup.Beside([.. group], _result)).ToList() is [var jpeg])
                line += $"; JPEG files of {ReportText.Bytes(jpeg.StoredBytes)} have {ReportText.Decibels(jpeg.Psnr)} dB";
            yield return line + ".";
        }
    }

    private double MeanPsnr(Contender contender) => _result.RowsOfMeans(contender).Average(r => r.Psnr);

    private void WriteSummary()
    {
        var baseline = _result.Present.Where(c => c.Entry.IsNullModel).GroupBy(c => c.Budget).ToDictionary(g => (object?)g.Key ?? "", g => g.MaxBy(MeanPsnr)!);
        bool several = _result.Settings.Floats.Count > 1;
        bool unequal = _summary.Select(r => r.Signals).Distinct().Count() > 1;
        List<(string Heading, Func<Contender?, ReportRow, string> Cell, Func<ReportRow, double?>? Rank)> columns =
        [
            .. unequal ? ((string, Func<Contender?, ReportRow, string>, Func<ReportRow, double?>?)[])[("signals", (_, r) => ReportText.Count(r.Signals), null)] : [],
            ("floats", (_, r) => ReportText.Count(r.Floats), null),
            ("stored<span class=\"unit\">file</span>", (_, r) => ReportText.Bytes(r.StoredBytes), null),
            ("rate<span class=\"unit\">bits/sample</span>", (_, r) => ReportText.BitsPerSample(r.BitsPerSample), null),
            ("mean PSNR<span class=\"unit\">dB</span>", (_, r) => ReportText.MeanDecibels(r.Psnr, r.MinPsnr), r => r.Psnr),
            ("max<span class=\"unit\">dB</span>", (_, r) => ReportText.Decibels(r.MaxPsnr), r => r.MaxPsnr),
            ("min<span class=\"unit\">dB</span>", (_, r) => ReportText.Decibels(r.MinPsnr), r => r.MinPsnr),
            ("gain over null<span class=\"unit\">dB</span>", (c, _) => c is not null && baseline.TryGetValue((object?)c.Budget ?? "", out var b) && b != c && PairedGain.Of(_result.Rows[c], _result.Rows[b]) is { } gain ? Gain(gain) : "–", null),
        ];
        if (HasHeldOut)
            columns.Add(("held-out<span class=\"unit\">dB</span>", (_, r) => ReportText.Decibels(r.HeldOutPsnr), r => r.HeldOutPsnr));
        if (_summary.Any(r => r.Ssim is not null))
            columns.Add(("SSIM", (_, r) => ReportText.Similarity(r.Ssim), r => r.Ssim));
        columns.AddRange(
        [
            ("fit<span class=\"unit\">s</span>", (_, r) => ReportText.Seconds(r.FitSeconds), r => -r.FitSeconds),
            .. _result.Settings.Seconds is null ? ((string, Func<Contender?, ReportRow, string>, Func<ReportRow, double?>?)[])[] : [("spent<span class=\"unit\">s</span>", (_, r) => ReportText.Seconds(r.SpentSeconds) + (r.Missed is { } missed ? $"<span class=\"tag\">missed{(r.Signals > 1 ? $" {ReportText.Count(missed)}×" : "")}</span>" : ""), null)],
            ("render<span class=\"unit\">ms</span>", (_, r) => ReportText.Milliseconds(r.RenderSeconds), r => -r.RenderSeconds),
            ("point<span class=\"unit\">µs</span>", (_, r) => ReportText.Microseconds(r.PointSeconds), r => -r.PointSeconds),
            ("work<span class=\"unit\">kFLOP</span>", (_, r) => r.FlopsPerSample is { } f ? (f / 1e3).ToString("0.0", CultureInfo.InvariantCulture) : "–", null),
        ]);

        _page.Element("h2", "Summary");
        var groups = _result.ByBudget.Select(group => (
            several ? $"at most {ReportText.Count(group[0].Budget)} floats" : "",
            group.Select(c => Line(Heading(c), c, _summary[_contenders.IndexOf(c)])).Concat(Codecs(CodecGroup.Beside(group, _result)))));
        (string, IEnumerable<(string, IEnumerable<string>)>)[] lossless = [("", Codecs(CodecGroup.Lossless(_result)))];
        _page.Table("Measures of each target function", ["target function", .. columns.Select(c => c.Heading)], groups.Concat(lossless), Html.Stack);
        _page.Element("p", $"{MeansOver(unequal)} The best target function of each column is marked; a gain stands with its standard error over signals, so one within two of them is no finding.", "class=\"note\"");

        IEnumerable<(string, IEnumerable<string>)> Codecs(IEnumerable<CodecGroup> codecs) =>
            _result.Summarize(codecs).Select(row => Line(Html.Escape(row.Target!) + "<span class=\"tag\">codec</span>", null, row));

        (string, IEnumerable<string>) Line(string heading, Contender? contender, ReportRow row) => (heading, columns.Select(column =>
        {
            bool best = contender is not null && column.Rank is { } rank && _contenders.Count > 1 && rank(row) is { } own
                && _summary.Where((_, k) => _contenders[k].Budget == contender.Budget).All(r => !(rank(r) > own));
            return $"<td{(best ? " class=\"best\"" : "")}>{column.Cell(contender, row)}</td>";
        }));
    }

    private string MeansOver(bool unequal)
    {
        var leftOut = _result.LeftOut;
        if (leftOut.Count == 0)
            return unequal ? "The target functions share no signal, so that each mean is over other ones: compare signal by signal." : "Means over signals.";
        return $"Means over the {ReportText.Count(_result.Shared.Count, "signal")} that every target function fitted; {ReportText.List(leftOut)} left the means, because a fit failed there.";
    }

    private string Heading(Contender contender) =>
        Palette.Swatch(_targets.ToList().IndexOf(contender.Entry.Name)) + Html.Escape(contender.Entry.Name) + (contender.Entry.IsNullModel ? "<span class=\"tag\">null model</span>" : "");

    private void WriteCharts()
    {
        _page.Element("h2", "Quality against size and time");
        _page.Raw("<ul class=\"legend\">" + string.Concat(_targets.Select((name, i) => $"<li>{Palette.Swatch(i)}{Html.Escape(name)}</li>")) + "</ul>");
        _page.Element("p", "Small marks are signals, large marks are means.", "class=\"note\"");
        _page.Raw("<div class=\"charts\">" + string.Concat(new Charts(_result, _targets).All()) + "</div>");
    }

    private void WriteSweep()
    {
        var trials = _result.Plan.Trials;
        if (trials.Count == 0)
            return;
        _page.Element("h2", "Sweep of the baselines");
        _page.Element("p", $"Mean PSNR in dB after {ReportText.Count(trials[0].Steps)} steps on {string.Join(" and ", trials[0].Signals)}, which are part of the comparison too. The comparison uses the marked setting. Short fits favour higher rates than long ones.", "class=\"note\"");
        foreach (var target in trials.GroupBy(t => t.Target))
        {
            double[] rates = [.. target.Select(t => t.LearningRate).Distinct()];
            _page.Element("h3", target.Key);
            _page.Table($"Sweep of {target.Key}", [target.First().Omega is null ? "" : "ω₀", .. rates.Select(r => Html.Escape(FormattableString.Invariant($"learning rate {r}")))],
                target.GroupBy(t => t.Omega).Select(row => (row.Key is { } omega ? omega.ToString(CultureInfo.InvariantCulture) : "PSNR",
                    row.Select(t => $"<td{(t.IsChosen ? " class=\"best\"" : "")}>{(t.Psnr is null ? "failed" : ReportText.Decibels(t.Psnr))}</td>"))), "sweep");
        }
    }

    private void WriteFailures()
    {
        if (_result.Failures.Count == 0)
            return;
        _page.Element("h2", "What was left out");
        _page.Raw("<div class=\"box fail\"><ul>");
        foreach (var group in _result.Failures.GroupBy(f => (f.Target, Reason: f.Target is null ? f.Signal : f.Reason)))
        {
            string signals = group.Count() > 3 ? ReportText.Count(group.Count(), "signal") : string.Join(", ", group.Select(f => f.Signal));
            _page.Raw($"<li><b>{Html.Escape(group.Key.Target ?? "unreadable")}</b> on {Html.Escape(signals)}: {Html.Escape(group.First().Reason)}</li>");
        }

        _page.Raw("</ul></div>");
    }

    private void WriteFits()
    {
        var names = _result.SignalNames();
        var contenders = _result.Present.ToList();
        _page.Element("h2", "All fits");
        _page.Element("p", "PSNR in dB; the best of each signal is marked.", "class=\"note\"");
        _page.Table("PSNR of every fit", ["signal", .. contenders.Select(c => Html.Escape(c.Name))], names.Select(name =>
        {
            var values = contenders.Select(c => _result.Row(c, name)?.Psnr).ToList();
            double? best = contenders.Count > 1 ? values.Max() : null;
            return (Html.Escape(name), values.Select(v => $"<td{(v is not null && v == best ? " class=\"best\"" : "")}>{ReportText.Decibels(v)}</td>"));
        }), "tall");
    }

    private void WriteMethod()
    {
        _page.Element("h2", "What the words mean");
        _page.Raw("<dl>");
        foreach (var (word, meaning) in Words())
            _page.Raw($"<dt>{Html.Escape(word)}</dt><dd>{Html.Escape(meaning)}</dd>");
        _page.Raw("</dl>");
    }

    private IEnumerable<(string Word, string Meaning)> Words()
    {
        yield return ("floats", "Stored numbers with nothing left out: a complex number counts two, every integer and index one. A network is the widest that fits the budget; an expansion spends it by its own search.");
        yield return ("stored, rate", "The size of the file that holds a fit, and the bits of its numbers for each sample (a pixel, all channels together; a moment of sound) without the file's description.");
        if (_result.Codecs.Count > 0)
            yield return ("codec", "The same pictures as files that everybody has: PNG without any loss, and JPEG at the quality whose bytes come nearest to those of the largest fit of the budget (of each fit, where none was given), colour whole or halved, whichever is better. Their fit and render are one encoding and one decoding.");
        yield return ("PSNR", "−10·log10 of the mean squared error against the whole, clean signal, neither clamped nor rounded. Means are means of the signals' PSNR.");
        yield return ("gain", "The mean, over the signals that both fitted, of the difference to the null model with the highest mean PSNR under the same budget, ± its standard error.");
        if (HasHeldOut)
            yield return ("held-out", "PSNR on the samples that the fit did not see.");
        yield return ("null model", $"Cosines on fixed blocks, and one cosine expansion over the whole domain: closed forms without any learned structure. What does not beat them explains nothing.{(HasHeldOut ? " Where the context is sparse, they take a sample that they did not see for that of the nearest one that they saw." : "")}");
        yield return ("times", "Wall clock on the named device and threads, fits one after another. Renders and points are medians of up to three after a warm-up; a render is of the signal's own size, a point is the share of one in a call that asks for 4,096 random places.");
        if (_result.Settings.Seconds is { } given)
            yield return ("spent", $"What of the {ReportText.Seconds(given)} s for each gradient fit its steps took, in processor time of all threads divided by their number (on a GPU, by the wall clock), without the last look at all samples. A fit that is off by more than 5 % has missed it.");
        yield return ("work", "Thousands of floating-point operations of one sample, where the target function says so: two for each weight of a network, activations left out.");
    }

    private static string Gain(PairedGain gain)
    {
        string mean = gain.Mean.ToString("+0.00;−0.00", CultureInfo.InvariantCulture);
        return gain.StandardError is { } error ? $"{mean} ± {error.ToString("0.00", CultureInfo.InvariantCulture)}" : mean;
    }

    /// <summary>The style sheet of every page.</summary>
    internal static string StyleSheet()
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream("page.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
