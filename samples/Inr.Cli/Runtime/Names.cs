using Inr.Evaluation;
using Inr.Files;

namespace Inr.Cli.Runtime;

/// <summary>Finds what a name on the command line stands for.</summary>
internal static class Names
{
    /// <summary>The target function of a name.</summary>
    /// <exception cref="CliException">There is none; the message lists the known ones.</exception>
    public static TargetEntry Target(string name) => Find("target function", name, TargetCatalog.All, entry => entry.Name);

    /// <summary>The entry of a name, in whatever case it was typed.</summary>
    /// <param name="what">What the entries are, such as <c>target function</c>.</param>
    /// <param name="name">What was typed.</param>
    /// <param name="entries">The entries there are.</param>
    /// <param name="nameOf">The name of an entry.</param>
    /// <exception cref="CliException">There is none; the message lists the known ones.</exception>
    public static T Find<T>(string what, string name, IReadOnlyList<T> entries, Func<T, string> nameOf)
        where T : class =>
        entries.FirstOrDefault(entry => string.Equals(nameOf(entry), name, StringComparison.OrdinalIgnoreCase))
        ?? throw CliException.BadUsage($"There is no {what} {InputFile.Quote(name)}; known are {string.Join(", ", entries.Select(nameOf))}.{Suggestion.DidYouMean(name, entries.Select(nameOf))}");
}
