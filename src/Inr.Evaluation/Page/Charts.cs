using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Inr.Evaluation;

/// <summary>The charts of the page. A small, pale mark is a signal, a large one a mean over signals.</summary>
internal sealed class Charts
{
    private const byte Pale = 95;
    private const double SmallMark = 3;
    private const double LargeMark = 7;

    // A row for each signal: more would be a wall.
    private const int MostSignals = 80;

    private readonly ComparisonResult _result;
    private readonly IReadOnlyList<string> _targets;
    private readonly HashSet<string> _exact;

    /// <param name="result">What was found.</param>
    /// <param name="targets">The names of the target functions; their order gives the colours.</param>
    public Charts(ComparisonResult result, IReadOnlyList<string> targets)
    {
        _result = result;
        _targets = targets;
        _exact = [.. result.Present.SelectMany(c => result.Rows[c]).Where(r => !double.IsFinite(r.Psnr)).Select(r => r.Key)];
    }

    /// <summary>All charts that have something to show, as markup.</summary>
    public IEnumerable<string> All()
    {
        // An exact fit has no place on an axis of decibels.
        if (!_result.Present.SelectMany(c => _result.Rows[c]).Any(r => double.IsFinite(r.Psnr)))
            yield break;
        yield return Scatter("floats", "PSNR against floats", "What each target function makes of its stored numbers.", "stored numbers", r => r.Floats, Floats);
        yield return Scatter("rate", "PSNR against bits", _result.Codecs.Count > 0 ? "What each makes of its bits; the grey line is JPEG." : "What each target function makes of its bits.", "bits for each sample", r => r.BitsPerSample, Number, CodecGroup.Curve(_result));
        yield return Scatter("time", "PSNR against fitting time", "How long each fit took.", "seconds of a fit", r => Math.Max(1e-4, r.FitSeconds), Number);
        yield return Spread();
        var names = _result.SignalNames();
        if (names.Count is > 1 and <= MostSignals)
        {
            foreach (var contenders in _result.ByBudget)
                yield return BySignal(names, contenders);
        }
    }

    private int IndexOf(Contender contender) => _targets.ToList().IndexOf(contender.Entry.Name);

    // What means are over, without the signals that some contender fits exactly: these have no place on an axis.
    private List<EvaluationRow> Means(Contender contender) => [.. _result.RowsOfMeans(contender).Where(r => !_exact.Contains(r.Key))];

    private static IEnumerable<EvaluationRow> Finite(IEnumerable<EvaluationRow> rows) => rows.Where(r => double.IsFinite(r.Psnr));

    private string Scatter(string id, string title, string note, string axis, Func<EvaluationRow, double> place, Func<double, string> label, IReadOnlyList<CodecGroup>? codec = null)
    {
        var chart = new Chart(id);
        var rows = Finite(_result.Present.SelectMany(c => _result.Rows[c])).ToList();
        var curve = _result.Summarize(codec ?? []).Where(r => double.IsFinite(r.Psnr!.Value)).ToList();
        chart.Model.Axes.Add(Chart.Positive(AxisPosition.Bottom, axis, rows.Select(place).Concat(curve.Select(r => r.BitsPerSample!.Value)), label));
        chart.Model.Axes.Add(Chart.Decibels(AxisPosition.Left, rows.Select(r => r.Psnr).Concat(curve.Select(r => r.Psnr!.Value))));
        if (curve.Count > 0)
        {
            var line = new LineSeries { Color = Palette.Soft, StrokeThickness = 2 };
            line.Points.AddRange(curve.Select(r => new DataPoint(r.BitsPerSample!.Value, r.Psnr!.Value)));
            chart.Model.Series.Add(line);
        }

        foreach (var contender in _result.Present)
        {
            var dots = Dots(IndexOf(contender), SmallMark, Pale);
            dots.Points.AddRange(Finite(_result.Rows[contender]).Select(r => new ScatterPoint(place(r), r.Psnr)));
            chart.Model.Series.Add(dots);
        }

        // Means last, on top of the signals.
        foreach (var family in _result.Present.GroupBy(IndexOf))
        {
            var means = new LineSeries
            {
                Color = Palette.Color(family.Key),
                StrokeThickness = 2,
                MarkerType = Palette.Mark(family.Key),
                MarkerSize = LargeMark,
                MarkerFill = Palette.Color(family.Key),
            };
            means.Points.AddRange(family.Select(Means).Where(rows => rows.Count > 0).Select(rows => new DataPoint(rows.Average(place), rows.Average(r => r.Psnr))));
            chart.Model.Series.Add(means);
        }

        string codecs = curve.Count > 0 ? "; JPEG " + string.Join(", ", curve.Select(r => $"{ReportText.Decibels(r.Psnr)} dB at {label(r.BitsPerSample!.Value)}")) : "";
        return chart.Figure(title, note, $"{title}: {Means(place, label)}{codecs}.");
    }

    // Median, quartiles and every signal, a row for each contender.
    private string Spread()
    {
        var present = _result.Present.Where(c => Finite(_result.RowsOfMeans(c)).Any()).ToList();
        var chart = new Chart("spread", 90 + (46 * present.Count));
        chart.AddNames([.. present.Select(Label)]);
        chart.Model.Axes.Add(Chart.Decibels(AxisPosition.Bottom, present.SelectMany(c => Finite(_result.RowsOfMeans(c))).Select(r => r.Psnr)));
        for (int i = 0; i < present.Count; i++)
        {
            int index = IndexOf(present[i]);
            var spread = new Distribution(Finite(_result.RowsOfMeans(present[i])).Select(r => r.Psnr));
            chart.Model.Annotations.Add(new RectangleAnnotation
            {
                MinimumX = spread.Quantile(0.25),
                MaximumX = spread.Quantile(0.75),
                MinimumY = i - 0.28,
                MaximumY = i + 0.28,
                Fill = OxyColor.FromAColor(45, Palette.Color(index)),
                Layer = AnnotationLayer.BelowSeries,
            });
            chart.Model.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Vertical,
                X = spread.Median,
                MinimumY = i - 0.36,
                MaximumY = i + 0.36,
                Color = Palette.Color(index),
                StrokeThickness = 3,
                LineStyle = LineStyle.Solid,
            });
            var dots = Dots(index, 3.5, 150);
            dots.Points.AddRange(spread.Values.Select((psnr, k) => new ScatterPoint(psnr, i + (0.16 * ((k % 3) - 1)))));
            chart.Model.Series.Add(dots);
        }

        return chart.Figure("Spread over signals", "Each mark is a signal; the bar is the median, the band holds the middle half.",
            "Spread of PSNR over signals: " + string.Join("; ", present.Select(c => Describe(c, new Distribution(Finite(_result.RowsOfMeans(c)).Select(r => r.Psnr))))) + ".");
    }

    private string BySignal(IReadOnlyList<string> names, IReadOnlyList<Contender> shown)
    {
        var ordered = names.OrderByDescending(n => _result.Present.SelectMany(c => _result.Rows[c]).Where(r => r.Signal == n).Average(r => r.Psnr)).ToList();
        var place = ordered.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i);
        var chart = new Chart($"signals{Letters(shown[0].Budget)}", 80 + (19 * ordered.Count));
        chart.AddNames([.. ordered.Select(n => Shorten(Path.GetFileNameWithoutExtension(n)))]);
        // One range for all budgets, so that their charts compare.
        chart.Model.Axes.Add(Chart.Decibels(AxisPosition.Bottom, _result.Present.SelectMany(c => Finite(_result.Rows[c])).Select(r => r.Psnr)));
        foreach (var contender in shown)
        {
            var dots = Dots(IndexOf(contender), 4, byte.MaxValue);
            dots.Points.AddRange(Finite(_result.Rows[contender]).Select(r => new ScatterPoint(r.Psnr, place[r.Signal])));
            chart.Model.Series.Add(dots);
        }

        string budget = _result.ByBudget.Count > 1 ? $" at {ReportText.Count(shown[0].Budget)} floats" : "";
        return chart.Figure($"Signal by signal{budget}", "Easy signals at the top.", $"PSNR of each signal and target function{budget}; the numbers are in the table of all fits.");
    }

    // Names in a page are letters only.
    private static string Letters(long? number) => string.Concat((number ?? 0).ToString(CultureInfo.InvariantCulture).Select(digit => (char)('a' + digit - '0')));

    private static ScatterSeries Dots(int index, double size, byte alpha) => new()
    {
        MarkerType = Palette.Mark(index),
        MarkerSize = size,
        MarkerFill = OxyColor.FromAColor(alpha, Palette.Color(index)),
    };

    private string Means(Func<EvaluationRow, double> place, Func<double, string> label) => string.Join("; ", _result.Present.Select(c =>
        $"{Label(c)} {ReportText.Decibels(_result.RowsOfMeans(c).Average(r => r.Psnr))} dB at {label(_result.RowsOfMeans(c).Average(place))}"));

    private static string Describe(Contender contender, Distribution d) =>
        $"{Label(contender)} median {ReportText.Decibels(d.Median)} dB, from {ReportText.Decibels(d.Min)} to {ReportText.Decibels(d.Max)}";

    private static string Label(Contender contender) =>
        contender.Name == contender.Entry.Name ? contender.Name : $"{contender.Entry.Name} {Floats(contender.Budget!.Value)}";

    private static string Shorten(string name) => name.Length <= 16 ? name : name[..15] + "…";

    private static string Floats(double value) => value switch
    {
        >= 999_500 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.##}M"),
        >= 999.5 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.##}k"),
        _ => Number(value),
    };

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
