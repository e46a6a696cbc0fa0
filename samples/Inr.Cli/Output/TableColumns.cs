namespace Inr.Cli.Output;

/// <summary>Cuts a table that is wider than its place into several.</summary>
internal static class TableColumns
{
    // A space on either side of a cell, and a line before it; one more line ends the row.
    private const int Frame = 3;

    /// <summary>The columns of each part: the first of all, and as many others as there is room for.</summary>
    /// <param name="columns">The headings.</param>
    /// <param name="rows">The cells of each row.</param>
    /// <param name="width">Characters in a line.</param>
    public static IEnumerable<int[]> Split(IReadOnlyList<string> columns, IReadOnlyList<string[]> rows, int width)
    {
        int[] widths = [.. columns.Select((heading, i) => Frame + rows.Select(row => row[i].Length).Append(heading.Length).Max())];
        int room = width - 1 - widths[0];
        for (int next = 1; next < widths.Length || next == 1;)
        {
            int first = next;
            for (int used = 0; next < widths.Length && (next == first || used + widths[next] <= room); next++)
                used += widths[next];
            yield return [0, .. Enumerable.Range(first, next - first)];
            if (next == 1)
                yield break;
        }
    }
}
