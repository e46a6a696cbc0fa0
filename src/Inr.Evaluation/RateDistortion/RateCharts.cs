using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Inr.Evaluation;

/// <summary>The curves of a comparison of codecs.</summary>
internal static class RateCharts
{
    private const double Mark = 4;

    // Beyond the curves of the page, a published one says nothing about them.
    private const double Beyond = 1.5;

    /// <summary>One chart: PSNR over bits.</summary>
    /// <param name="id">Letters only.</param>
    /// <param name="title">The heading.</param>
    /// <param name="note">A sentence below it.</param>
    /// <param name="curves">Names and points; their order gives the colors, and the first one the range.</param>
    public static string Draw(string id, string title, string note, IReadOnlyList<(string Name, IReadOnlyList<RatePoint> Points)> curves)
    {
        var chart = new Chart(id, height: 420);
        double least = curves[0].Points.Min(p => p.BitsPerSample) / Beyond, most = curves[0].Points.Max(p => p.BitsPerSample) * Beyond;
        var shown = curves.Select(c => (c.Name, Points: c.Points.Where(p => p.BitsPerSample >= least && p.BitsPerSample <= most && double.IsFinite(p.Psnr)).OrderBy(p => p.BitsPerSample).ToList())).ToList();
        var all = shown.SelectMany(c => c.Points).ToList();
        chart.Model.Axes.Add(Chart.Positive(AxisPosition.Bottom, "bits for each pixel", all.Select(p => p.BitsPerSample), value => value.ToString("0.###", CultureInfo.InvariantCulture)));
        chart.Model.Axes.Add(Chart.Decibels(AxisPosition.Left, all.Select(p => p.Psnr)));
        // The first one last, on top of the others.
        for (int i = shown.Count - 1; i >= 0; i--)
        {
            var line = new LineSeries
            {
                Color = Palette.Color(i),
                StrokeThickness = i == 0 ? 2.5 : 1.5,
                MarkerType = Palette.Mark(i),
                MarkerSize = Mark,
                MarkerFill = Palette.Color(i),
            };
            line.Points.AddRange(shown[i].Points.Select(p => new DataPoint(p.BitsPerSample, p.Psnr)));
            chart.Model.Series.Add(line);
        }

        string legend = $"<ul class=\"legend\">{string.Concat(shown.Select((c, i) => $"<li>{Palette.Swatch(i)}{Html.Escape(c.Name)}</li>"))}</ul>";
        string drawing = chart.Figure(title, note, $"{title}: {string.Join("; ", shown.Where(c => c.Points.Count > 0).Select(Describe))}.");
        return drawing.Replace("</figure>", legend + "</figure>", StringComparison.Ordinal);
    }

    private static string Describe((string Name, List<RatePoint> Points) curve) => string.Create(CultureInfo.InvariantCulture,
        $"{curve.Name} from {ReportText.Decibels(curve.Points[0].Psnr)} dB at {curve.Points[0].BitsPerSample:0.###} to {ReportText.Decibels(curve.Points[^1].Psnr)} dB at {curve.Points[^1].BitsPerSample:0.###} bits");
}
