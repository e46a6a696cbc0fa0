using System.Globalization;
using System.Text.RegularExpressions;
using OxyPlot;
using OxyPlot.Axes;

namespace Inr.Evaluation;

/// <summary>One chart: its drawing surface, its axes, and its markup.</summary>
internal sealed partial class Chart
{
    private const double FontSize = 12;

    // Of the widest usual letters of names.
    private const double LetterWidth = 6.9;

    // A font whose widths the exporter knows, and which those of the page resemble.
    private const string MeasuredFont = "Arial";

    // Beyond this ratio of the largest to the smallest value, an axis is logarithmic.
    private const double LogarithmicRatio = 3;

    private readonly string _id;
    private readonly int _width;
    private readonly int _height;

    /// <param name="id">What tells it from the other charts of the page: letters only.</param>
    /// <param name="height">The height, where the width is 420: a column of the page, or a phone.</param>
    public Chart(string id, int height = 340)
    {
        _id = id;
        _width = 420;
        _height = height;
        Model = new PlotModel
        {
            TextColor = Palette.Ink,
            DefaultFont = MeasuredFont,
            DefaultFontSize = FontSize,
            PlotAreaBorderThickness = new OxyThickness(0),
            Background = OxyColors.Undefined,
            Padding = new OxyThickness(4, 8, 12, 4),
            // The exporter cannot measure the fonts of a reader: room enough for "100 dB" below a mark.
            PlotMargins = new OxyThickness(56, 0, 8, 44),
        };
    }

    /// <summary>What is drawn.</summary>
    public PlotModel Model { get; }

    /// <summary>An axis of decibels; one on the left says so beside each number.</summary>
    public static Axis Decibels(AxisPosition position, IEnumerable<double> values) => Style(
        position == AxisPosition.Left
            ? new LinearAxis { LabelFormatter = value => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} dB") }
            : new LinearAxis { Title = "PSNR in dB" },
        position,
        Padded(values));

    /// <summary>An axis of any numbers, which ends where they do.</summary>
    public static Axis Linear(AxisPosition position, string title, IEnumerable<double> values)
    {
        var all = values.ToList();
        var range = position == AxisPosition.Bottom && all.Max() > all.Min() ? (all.Min(), all.Max()) : Padded(all);
        return Style(new LinearAxis { Title = title.Length > 0 ? title : null }, position, range);
    }

    /// <summary>An axis of positive numbers: logarithmic where they span much.</summary>
    public static Axis Positive(AxisPosition position, string title, IEnumerable<double> values, Func<double, string> label)
    {
        var all = values.ToList();
        bool logarithmic = all.Max() > LogarithmicRatio * all.Min();
        Axis axis = logarithmic ? new LogarithmicAxis { Title = title + " (logarithmic)" } : new LinearAxis { Title = title };
        axis.LabelFormatter = label;
        return Style(axis, position, logarithmic ? (all.Min() / 1.35, all.Max() * 1.35) : Padded(all));
    }

    /// <summary>Adds an axis of names from top to bottom: the first is at 0.</summary>
    public void AddNames(IReadOnlyList<string> names)
    {
        Model.PlotMargins = new OxyThickness(20 + (LetterWidth * names.Max(n => n.Length)), 0, 8, 44);
        var axis = Style(new LinearAxis(), AxisPosition.Left, (-0.6, names.Count - 0.4));
        (axis.StartPosition, axis.EndPosition) = (1, 0);
        (axis.MajorStep, axis.MinorStep) = (1, 1);
        axis.MajorGridlineStyle = LineStyle.None;
        axis.TextColor = Palette.Ink;
        axis.LabelFormatter = value => value >= 0 && value < names.Count ? names[(int)Math.Round(value)] : "";
        Model.Axes.Add(axis);
    }

    /// <summary>The drawing with a heading.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="note">A sentence below it.</param>
    /// <param name="description">What the drawing shows, for those who do not see it.</param>
    public string Figure(string title, string note, string description)
    {
        string svg = new SvgExporter { Width = _width, Height = _height, IsDocument = false }.ExportToString(Model)
            .Replace($"font-family=\"{MeasuredFont}\"", "font-family=\"inherit\"", StringComparison.Ordinal);
        // Parts of a drawing name each other by page-wide names.
        svg = ClipPath().Replace(svg, match => $"{_id}{match.Groups[1].Value}");
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];
        svg = svg[(svg.IndexOf('>') + 1)..];
        string head = string.Create(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {_width} {_height}\" role=\"img\" aria-label=\"{Html.Escape(description)}\" font-family=\"inherit\">");
        return $"<figure class=\"box chart\"><figcaption><strong>{Html.Escape(title)}</strong>{Html.Escape(note)}</figcaption>{head}{Palette.Bind(svg)}</figure>";
    }

    private static Axis Style(Axis axis, AxisPosition position, (double Low, double High) range)
    {
        axis.Position = position;
        (axis.Minimum, axis.Maximum) = range;
        axis.TickStyle = TickStyle.None;
        axis.TextColor = Palette.Soft;
        axis.TitleColor = Palette.Soft;
        axis.TicklineColor = Palette.Grid;
        axis.MinorTicklineColor = Palette.Grid;
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = Palette.Grid;
        axis.AxislineStyle = LineStyle.None;
        axis.IntervalLength = 55;
        axis.AxisTitleDistance = 10;
        return axis;
    }

    private static (double Low, double High) Padded(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0)
            return (0, 1);
        double low = finite.Min(), high = finite.Max();
        double margin = Math.Max((high - low) * 0.08, Math.Abs(high) * 0.02);
        return margin > 0 ? (low - margin, high + margin) : (low - 1, high + 1);
    }

    [GeneratedRegex("clipPath(\\d+)")]
    private static partial Regex ClipPath();
}
