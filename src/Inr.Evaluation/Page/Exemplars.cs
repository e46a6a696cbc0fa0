namespace Inr.Evaluation;

/// <summary>The few signals that the page shows: all where they are few, else an easy, a middling and a hard one.</summary>
internal static class Exemplars
{
    private const int Most = 3;

    /// <summary>Chooses.</summary>
    /// <param name="fromEasyToHard">The names of the signals.</param>
    /// <returns>Names, each with what it is among the others; nothing where all are shown.</returns>
    public static IReadOnlyList<(string Name, string Rank)> Of(IReadOnlyList<string> fromEasyToHard) => fromEasyToHard.Count <= Most
        ? [.. fromEasyToHard.Select(name => (name, ""))]
        : [(fromEasyToHard[0], "the easiest"), (fromEasyToHard[fromEasyToHard.Count / 2], "the median"), (fromEasyToHard[^1], "the hardest")];

    /// <summary>A heading with the rank beside the name.</summary>
    public static string Heading(string name, string rank) =>
        $"<h3>{Html.Escape(name)}{(rank.Length > 0 ? $" <span class=\"tag\">{rank}</span>" : "")}</h3>";
}
