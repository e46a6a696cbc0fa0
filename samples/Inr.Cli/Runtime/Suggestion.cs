namespace Inr.Cli.Runtime;

/// <summary>Finds the name that was meant by a mistyped one.</summary>
internal static class Suggestion
{
    private const int LettersPerFault = 3;
    private const int LongestWord = 40;

    /// <summary>What messages end with: <c> Did you mean 'siren'?</c>, or nothing where no name is near.</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="known">The names there are.</param>
    public static string DidYouMean(string word, IEnumerable<string> known)
    {
        if (word.Length > LongestWord)
            return "";
        // A part of a name, such as fourier, is near to it however much is missing.
        var near = known.Select(name => (Name: name, Distance: Distance(word.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(c => c.Distance <= Math.Max(1, Math.Max(word.Length, c.Name.Length) / LettersPerFault) || (word.Length >= LettersPerFault && c.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(c => c.Distance).ToList();
        return near.Count > 0 ? $" Did you mean '{near[0].Name}'?" : "";
    }

    // Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
