using System.Text;

namespace Inr.Studies;

/// <summary>A table that a study prints as Markdown while it measures: the headings at once, a row as soon as it is there.</summary>
internal sealed class StudyTable
{
    private readonly int _columns;

    /// <param name="headings">One for each column.</param>
    public StudyTable(params ReadOnlySpan<string> headings)
    {
        _columns = headings.Length;
        Add(headings);
        Console.WriteLine("|" + string.Concat(Enumerable.Repeat("---|", _columns)));
    }

    /// <summary>Prints a row.</summary>
    /// <param name="cells">One for each column; empty where there is nothing to say.</param>
    /// <exception cref="ArgumentException">There are more or fewer cells than headings.</exception>
    public void Add(params ReadOnlySpan<string> cells)
    {
        if (cells.Length != _columns)
            throw new ArgumentException($"A row of {cells.Length} cells does not belong to a table of {_columns} columns.", nameof(cells));
        var line = new StringBuilder("|");
        foreach (string cell in cells)
            line.Append(cell.Length > 0 ? $" {cell} |" : " |");

        Console.WriteLine(line);
    }
}
