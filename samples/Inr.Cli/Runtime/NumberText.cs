using System.Globalization;

namespace Inr.Cli.Runtime;

/// <summary>Reads numbers that a user typed: digits, a decimal point and an exponent, whatever the language of the system.</summary>
/// <remarks>No separators: a decimal comma that counted as one would make 125 of 12,5.</remarks>
internal static class NumberText
{
    private const int LongestQuote = 40;

    /// <summary>Reads a number such as <c>12.5</c> or <c>5e-4</c>.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="value">The number, where there is no fault.</param>
    /// <returns>What is wrong, to be put after the name of the option; null where nothing is.</returns>
    public static string? Read(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) ? null : $"is {Quote(text)}, which is no number. {Hint(text)}";

    /// <summary>Reads a whole number such as <c>60000</c> or <c>6e4</c>.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="most">The largest that there is room for; its negative is the smallest.</param>
    /// <param name="value">The number, where there is no fault.</param>
    /// <returns>What is wrong, to be put after the name of the option; null where nothing is.</returns>
    public static string? ReadWhole(string text, long most, out long value)
    {
        value = 0;
        if (Read(text, out double approximate) is not null)
            return $"is {Quote(text)}, which is no whole number. {Hint(text)}";
        if (Math.Abs(approximate) > most)
            return string.Create(CultureInfo.InvariantCulture, $"is {Quote(text)}, which is too large; it is at most {most}.");
        // Exact, for a double has 53 bits; a number too small for a decimal becomes 0.
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact) || exact != decimal.Truncate(exact) || (exact == 0 && approximate != 0))
            return $"is {Quote(text)}, which is no whole number.";
        if (Math.Abs(exact) > most)
            return string.Create(CultureInfo.InvariantCulture, $"is {Quote(text)}, which is too large; it is at most {most}.");
        value = (long)exact;
        return null;
    }

    private static string Hint(string text) => text.Contains(',', StringComparison.Ordinal)
        ? "Write a point before decimals and nothing between thousands, such as 12.5 or 60000."
        : "Write it in digits, such as 12.5, 60000 or 5e-4.";

    private static string Quote(string text)
    {
        string plain = string.Concat(text.Take(LongestQuote).Select(letter => char.IsControl(letter) ? '?' : letter));
        return $"'{plain}{(text.Length > LongestQuote ? "..." : "")}'";
    }
}
