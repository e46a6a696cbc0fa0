using System.Globalization;
using System.Text;
using Inr.Files;

namespace Inr.Evaluation;

/// <summary>A comparison of codecs as one HTML page that needs nothing beside it: no script, no font, no file.</summary>
public sealed class RateDistortionPage
{
    private static readonly double[] Rates = [0.15, 0.3, 0.5, 1, 2];

    // Codecs that are functions fitted to a picture, and what they are held against; the others stand in the table.
    private static readonly string[] Implicit = ["COIN", "Strumpler-INR-basic", "Strumpler-INR-meta", "RECOMBINER", "VC-INR", "Cool-chic-1.0", "C3"];
    private static readonly string[] Others = ["BPG-444", "HM", "AV1", "VTM", "bmshj2018-hyperprior", "mbt2018", "ELIC"];

    private readonly RateDistortionResult _result;
    private readonly string? _command;
    private readonly IReadOnlyList<CodecRow> _means;
    private readonly IReadOnlyList<CodecGain> _gains;
    private readonly Html _page = new();

    private RateDistortionPage(RateDistortionResult result, string? command)
    {
        _result = result;
        _command = command;
        _means = result.Means();
        _gains = result.Gains();
    }

    /// <summary>Writes the page as <see cref="ReportPage.FileName"/>.</summary>
    /// <param name="result">What was found; at least one picture.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="signals">The pictures.</param>
    /// <param name="command">The command line that made it, which the page repeats; null where there was none.</param>
    /// <param name="cancellationToken">Ends the work; a page that is there stays as it was.</param>
    public static void Write(
        RateDistortionResult result,
        EvaluationFolder folder,
        ISignalDataset signals,
        string? command = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(signals);
        IPictureCodec[] codecs = [new CodedCosines(), .. CodecTool.All().Where(t => t.Version is not null && result.Codecs.Any(c => c.Name == t.Name))];
        string text = new RateDistortionPage(result, command).Build(new EqualBytes(result, codecs, cancellationToken), signals);
        AtomicFile.Write(Path.Combine(folder.Folder, ReportPage.FileName), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private string Build(EqualBytes pictures, ISignalDataset signals)
    {
        WriteHead();
        _page.Raw("<main>");
        WriteSummary();
        WriteCharts();
        WritePublished();
        pictures.Write(_page, signals);
        WriteFailures();
        WritePictures();
        WriteMethod();
        _page.Raw("</main>");
        _page.Raw("<footer>The same numbers for programs: <code>codecs.json</code>, <code>pictures.json</code> and <code>pictures.csv</code> beside this page.</footer></body></html>");
        return _page.ToString();
    }

    private void WriteHead()
    {
        string title = $"Coded cosines against {ReportText.Count(_result.Codecs.Count - 1, "codec")} on {ReportText.Count(_result.Signals.Count, "picture")}";
        _page.Raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        _page.Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">");
        _page.Element("title", $"Inr: {title}");
        _page.Raw($"<style>{ReportPage.StyleSheet()}</style></head><body><header class=\"head\">");
        _page.Element("h1", title);
        _page.Raw($"<ul class=\"lead verdict\">{string.Concat(Verdicts().Select(v => $"<li>{Html.Escape(v)}</li>"))}</ul>");
        _page.Raw("<ul class=\"facts\">" + string.Concat(Facts().Select(f => $"<li>{Html.Escape(f.Name)} <b>{Html.Escape(f.Value)}</b></li>")) + "</ul>");
        if (_command is not null)
            _page.Raw($"<p class=\"command\"><code>{Html.Escape(_command)}</code></p>");
        _page.Raw("</header>");
    }

    private IEnumerable<string> Verdicts()
    {
        foreach (var gain in _gains.Where(g => !g.IsPublished && g.Rate is not null))
            yield return $"{Percent(Math.Abs(gain.Rate!.Value))} {(gain.Rate < 0 ? "fewer" : "more")} bits than {gain.Codec} at equal PSNR{(gain.PerSignal.Count > 1 ? $", fewer on {gain.PerSignal.Count(g => g < 0)} of {ReportText.Count(gain.PerSignal.Count, "picture")}" : "")}.";
        var ahead = _gains.Where(g => g.IsPublished && g.Rate > 0).Select(g => g.Codec).ToList();
        if (ahead.Count > 0)
            yield return $"Published curves with fewer bits: {string.Join(", ", ahead)}.";
    }

    private IEnumerable<(string Name, string Value)> Facts()
    {
        foreach (var codec in _result.Codecs.Where(c => c.Version is not null).DistinctBy(c => c.Version))
            yield return (codec.Version!.Split(' ')[0], codec.Version.Split(' ')[^1]);
        yield return ("processor", Processor.Name);
        yield return ("threads", ReportText.Count(TorchRuntime.Threads));
        yield return ("Inr", ReportPage.Version);
        yield return ("written", DateTimeOffset.Now.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture));
    }

    private void WriteSummary()
    {
        _page.Element("h2", "Summary");
        var gains = _gains.ToDictionary(g => g.Codec);
        string[] headings =
        [
            "codec", .. Rates.Select(r => $"{r.ToString(CultureInfo.InvariantCulture)} bits<span class=\"unit\">dB</span>"), "BD-rate<span class=\"unit\">of coded cosines</span>", "each picture<span class=\"unit\">least, most</span>",
            "range<span class=\"unit\">dB</span>", "encode<span class=\"unit\">s</span>", "decode<span class=\"unit\">ms</span>",
        ];
        _page.Table("PSNR of each codec at some rates", headings, _result.Codecs.Select((codec, i) =>
        {
            var rows = _means.Where(r => r.Codec == codec.Name).ToList();
            var gain = gains.GetValueOrDefault(codec.Name);
            string[] cells =
            [
                .. Rates.Select(r => ReportText.Decibels(BjontegaardRate.PsnrAt(_result.Curve(codec.Name), r))), Share(gain?.Rate),
                gain is { PerSignal.Count: > 1 } ? $"{Share(gain.PerSignal.Min())}, {Share(gain.PerSignal.Max())}" : "–", Range(gain),
                ReportText.Seconds(rows.Average(r => r.EncodeSeconds)), ReportText.Milliseconds(rows.Average(r => r.DecodeSeconds)),
            ];
            return (Palette.Swatch(i) + Html.Escape(codec.Name), cells.Select(c => $"<td>{c}</td>"));
        }), Html.Stack);
        _page.Element("p", "PSNR at bits a pixel, on lines over the logarithm of the rate. BD-rate: the share of bits that coded cosines need more (+) or less (−) than the codec at equal PSNR.", "class=\"note\"");
        if (_result.Absent.Count > 0)
            _page.Raw($"<div class=\"box fail\"><p>Left out, as this system does not have them: {Html.Escape(string.Join(", ", _result.Absent))}.</p></div>");
    }

    private void WriteCharts()
    {
        _page.Element("h2", "PSNR against bits");
        var own = (RateDistortionResult.Own, _result.Curve(RateDistortionResult.Own));
        _page.Raw("<div class=\"charts\">");
        _page.Raw(RateCharts.Draw("tools", "Codecs of this system", "Means over the pictures; every file was decoded and measured here.", [.. _result.Codecs.Select(c => (c.Name, _result.Curve(c.Name)))]));
        if (_result.Published.Count > 0)
        {
            _page.Raw(RateCharts.Draw("implicit", "Published implicit codecs", "As their authors report them; see the caveats below.", [own, .. Chosen(Implicit)]));
            _page.Raw(RateCharts.Draw("others", "Published standards and autoencoders", "As others report them; see the caveats below.", [own, .. Chosen(Others)]));
        }

        _page.Raw("</div>");

        IEnumerable<(string, IReadOnlyList<RatePoint>)> Chosen(string[] names) => names.Select(n => _result.Published.FirstOrDefault(p => p.Method == n)).OfType<PublishedCurve>().Select(p => (p.Method, p.Points));
    }

    private void WritePublished()
    {
        if (_result.Published.Count == 0)
            return;
        _page.Element("h2", "Against published curves");
        _page.Element("p", "The same 24 pictures, as others report them. What a rate counts differs: some leave out shared networks, some are estimates and no files.", "class=\"note\"");
        string[] headings = ["method", .. Rates.Select(r => $"{r.ToString(CultureInfo.InvariantCulture)} bits<span class=\"unit\">dB</span>"), "BD-rate<span class=\"unit\">of coded cosines</span>", "range<span class=\"unit\">dB</span>"];
        var curves = _result.Published.ToDictionary(p => p.Method);
        _page.Table("Published curves", headings, _gains.Where(g => g.IsPublished).OrderBy(g => g.Rate ?? double.PositiveInfinity).Select(g =>
        {
            string[] cells = [.. Rates.Select(r => ReportText.Decibels(BjontegaardRate.PsnrAt(curves[g.Codec].Points, r))), Share(g.Rate), Range(g)];
            return (Html.Escape(g.Codec), cells.Select(c => $"<td>{c}</td>"));
        }), "tall");
        _page.Element("h3", "What must be said of them");
        _page.Raw($"<dl>{string.Concat(_result.Published.Select(p => $"<dt>{Html.Escape(p.Method)}</dt><dd>{Html.Escape(p.Caveat)}. From {Html.Escape(p.Source)} ({Html.Escape(p.Licence)}).</dd>"))}</dl>");
    }

    private void WriteFailures()
    {
        if (_result.Failures.Count == 0)
            return;
        _page.Element("h2", "What was left out");
        _page.Raw($"<div class=\"box fail\"><ul>{string.Concat(_result.Failures.Select(f => $"<li>{Html.Escape(f.ToString())}</li>"))}</ul></div>");
    }

    private void WritePictures()
    {
        var others = _result.Codecs.Where(c => c.Name != RateDistortionResult.Own).ToList();
        if (others.Count == 0)
            return;
        _page.Element("h2", "Picture by picture");
        _page.Element("p", "The share of bits that coded cosines need more (+) or less (−) than each codec at equal PSNR.", "class=\"note\"");
        _page.Table("BD-rate of every picture", ["picture", .. others.Select(c => Html.Escape(c.Name))], _result.Signals.Select(signal => (Html.Escape(signal),
            others.Select(c => $"<td>{Share(BjontegaardRate.Between(_result.Curve(c.Name, signal), _result.Curve(RateDistortionResult.Own, signal)))}</td>"))), "tall");
    }

    private void WriteMethod()
    {
        _page.Element("h2", "What the words mean");
        _page.Raw("<dl>");
        foreach (var codec in _result.Codecs)
            _page.Raw($"<dt>{Html.Escape(codec.Name)}</dt><dd>{Html.Escape(codec.Summary)}{(codec.Version is null ? "" : $" ({Html.Escape(codec.Version)})")}; settings {string.Join(", ", _means.Where(r => r.Codec == codec.Name).Select(r => r.Setting.ToString(CultureInfo.InvariantCulture)))}.</dd>");
        (string, string)[] words =
        [
            ("bits", "Those of whole files, headers included, for each pixel (all channels together)."),
            ("PSNR", "−10·log10 of the mean squared error of the decoded 8-bit picture, all channels together. Means are means of the pictures' PSNR and of their bits."),
            ("BD-rate", "Bjøntegaard's measure: the logarithm of the rate as a monotone cubic (PCHIP) of the PSNR, averaged over the PSNRs that both mean curves have."),
            ("times", "Wall clock of one encoding and one decoding. Those of tools hold the start of a process and the reading of a file; those of coded cosines are within this process."),
        ];
        _page.Raw(string.Concat(words.Select(w => $"<dt>{w.Item1}</dt><dd>{Html.Escape(w.Item2)}</dd>")));
        _page.Raw("</dl>");
    }

    private static string Share(double? share) => RateDistortionTables.Percent(share);

    private static string Percent(double share) => (100 * share).ToString("0.0 '%'", CultureInfo.InvariantCulture);

    private static string Range(CodecGain? gain) => gain is { LowPsnr: { } low, HighPsnr: { } high } ? $"{ReportText.Decibels(low)}–{ReportText.Decibels(high)}" : "–";
}
