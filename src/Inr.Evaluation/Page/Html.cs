using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Inr.Evaluation;

/// <summary>Builds the text of the page; whatever comes from names and files is escaped.</summary>
internal sealed partial class Html
{
    /// <summary>The class of tables whose rows are cards on a narrow screen.</summary>
    public const string Stack = "stack";

    private readonly StringBuilder _text = new();

    /// <summary>Adds markup as it is.</summary>
    public Html Raw(string markup)
    {
        _text.Append(markup).Append('\n');
        return this;
    }

    /// <summary>Adds an element that holds text.</summary>
    public Html Element(string tag, string text, string attributes = "") =>
        Raw($"<{tag}{(attributes.Length > 0 ? " " + attributes : "")}>{Escape(text)}</{tag.Split(' ')[0]}>");

    /// <summary>A table in a box that scrolls by itself, so that the page never does.</summary>
    /// <param name="label">What the table shows, for those who do not see it.</param>
    /// <param name="headings">The headings, as markup; the first is that of the row headings.</param>
    /// <param name="groups">A heading, empty for none, and its rows: a row heading, then <c>td</c> elements, as markup.</param>
    /// <param name="style">Further classes of the box; with <see cref="Stack"/>, a row is a card on a narrow screen.</param>
    public Html Table(string label, IReadOnlyList<string> headings, IEnumerable<(string Name, IEnumerable<(string Heading, IEnumerable<string> Cells)> Rows)> groups, string style = "")
    {
        bool stacks = style.Split(' ').Contains(Stack);
        Raw($"<div class=\"box scroll {style}\" role=\"region\" tabindex=\"0\" aria-label=\"{Escape(label)}\"><table>");
        Raw($"<thead><tr>{string.Concat(headings.Select(h => $"<th scope=\"col\">{h}</th>"))}</tr></thead>");
        foreach (var (name, rows) in groups)
        {
            Raw("<tbody>");
            if (name.Length > 0)
                Raw($"<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{headings.Count}\"><span class=\"stay\">{name}</span></th></tr>");
            foreach (var (heading, cells) in rows)
                Raw($"<tr><th scope=\"row\">{heading}</th>{string.Concat(stacks ? cells.Select((cell, i) => Labelled(cell, headings[i + 1])) : cells)}</tr>");
            Raw("</tbody>");
        }

        return Raw("</table></div>");
    }

    /// <summary>A table without groups.</summary>
    public Html Table(string label, IReadOnlyList<string> headings, IEnumerable<(string Heading, IEnumerable<string> Cells)> rows, string style = "") =>
        Table(label, headings, [("", rows)], style);

    // A card has no heading above its cells.
    private static string Labelled(string cell, string heading) =>
        cell.Replace("<td", $"<td data-label=\"{Unit().Replace(heading, ", $1")}\"", StringComparison.Ordinal);

    [GeneratedRegex("<span class=\"unit\">(.*?)</span>")]
    private static partial Regex Unit();

    /// <summary>Text that is no markup.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
