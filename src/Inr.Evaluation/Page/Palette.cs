using System.Globalization;
using System.Text.RegularExpressions;
using OxyPlot;

namespace Inr.Evaluation;

/// <summary>The colours and marks of the target functions.</summary>
/// <remarks>
/// A chart is drawn in stand-in colours that no chart uses by itself; <see cref="Bind"/> replaces them by variables of the
/// style sheet, so that the same drawing serves light, dark and print.
/// </remarks>
internal static partial class Palette
{
    private const int Count = 8;

    private static readonly MarkerType[] Marks = [MarkerType.Circle, MarkerType.Square, MarkerType.Diamond, MarkerType.Triangle];

    /// <summary>Text and axes.</summary>
    public static OxyColor Ink { get; } = OxyColor.FromRgb(1, 0, 0);

    /// <summary>Labels of axes.</summary>
    public static OxyColor Soft { get; } = OxyColor.FromRgb(1, 0, 1);

    /// <summary>Grid lines.</summary>
    public static OxyColor Grid { get; } = OxyColor.FromRgb(1, 0, 2);

    /// <summary>The colour of a target function.</summary>
    public static OxyColor Color(int index) => OxyColor.FromRgb(2, 0, (byte)(index % Count));

    /// <summary>The mark of a target function: colours alone do not reach everybody.</summary>
    public static MarkerType Mark(int index) => Marks[index % Marks.Length];

    /// <summary>The mark as markup, for legends and tables.</summary>
    public static string Swatch(int index)
    {
        string shape = Mark(index) switch
        {
            MarkerType.Square => "<rect x=\"1.5\" y=\"1.5\" width=\"9\" height=\"9\"/>",
            MarkerType.Diamond => "<path d=\"M6 0 12 6 6 12 0 6Z\"/>",
            MarkerType.Triangle => "<path d=\"M6 .8 11.6 10.8H.4Z\"/>",
            _ => "<circle cx=\"6\" cy=\"6\" r=\"5\"/>",
        };
        return $"<svg class=\"swatch\" viewBox=\"0 0 12 12\" aria-hidden=\"true\" style=\"fill:var(--c{index % Count})\">{shape}</svg>";
    }

    /// <summary>Replaces the stand-in colours of a drawing.</summary>
    public static string Bind(string svg)
    {
        svg = FillAttribute().Replace(svg, match => $"style=\"fill:{match.Groups[1].Value}\"");
        return StandIn().Replace(svg, match => (match.Groups[1].Value, match.Groups[2].Value) switch
        {
            ("1", "0") => "var(--ink)",
            ("1", "1") => "var(--soft)",
            ("1", _) => "var(--grid)",
            (_, var color) => string.Create(CultureInfo.InvariantCulture, $"var(--c{color})"),
        });
    }

    // An attribute takes no variable in every browser; a style does.
    [GeneratedRegex("fill=\"(rgb\\([12],0,\\d\\))\"")]
    private static partial Regex FillAttribute();

    [GeneratedRegex("rgb\\(([12]),0,(\\d)\\)")]
    private static partial Regex StandIn();
}
