using System.Net;
using System.Text;

namespace Inr.Cli.Compare.Page;

/// <summary>Builds the text of the page; whatever comes from names and files is escaped.</summary>
internal sealed class Html
{
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
    /// <param name="rows">The cells, as markup: a row heading, then <c>td</c> elements.</param>
    /// <param name="style">Further classes of the box.</param>
    public Html Table(string label, IEnumerable<string> headings, IEnumerable<(string Heading, IEnumerable<string> Cells)> rows, string style = "")
    {
        Raw($"<div class=\"box scroll {style}\" role=\"region\" tabindex=\"0\" aria-label=\"{Escape(label)}\"><table>");
        Raw($"<thead><tr>{string.Concat(headings.Select(h => $"<th scope=\"col\">{h}</th>"))}</tr></thead><tbody>");
        foreach (var (heading, cells) in rows)
            Raw($"<tr><th scope=\"row\">{heading}</th>{string.Concat(cells)}</tr>");
        return Raw("</tbody></table></div>");
    }

    /// <summary>Text that is no markup.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
