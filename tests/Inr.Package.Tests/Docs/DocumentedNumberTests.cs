using System.Globalization;
using System.Text.RegularExpressions;
using Inr.Package.Tests.Cli;
using Inr.Testing;

namespace Inr.Package.Tests.Docs;

/// <summary>What README and docs say is what the command beside it prints. Set INR_ALL_NUMBERS=1 to run the ones that take minutes, too.</summary>
public sealed class DocumentedNumberTests(CommandOutputs outputs) : IClassFixture<CommandOutputs>
{
    private const string AllVariable = "INR_ALL_NUMBERS";

    public static TheoryData<DocumentedNumber> Numbers =>
        [.. DocumentedNumbers.All.Where(n => n.IsCheap || Environment.GetEnvironmentVariable(AllVariable) == "1")];

    [SharedDataTheory("data"), MemberData(nameof(Numbers), DisableDiscoveryEnumeration = true)]
    public void Command_RunAgain_GivesTheWrittenNumbers(DocumentedNumber number)
    {
        string page = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, number.Page));
        double[] written = Find(number.Written, page, number.Page);

        double[] printed = Find(number.Printed, outputs.Of(number.Command), number.Command);

        printed.Should().HaveSameCount(written);
        foreach (var (now, then) in printed.Zip(written))
            now.Should().BeApproximately(then, number.Spread + 1e-9, "'{0}' stands for it", number.Command);
    }

    // Every page that is checked has each of its patterns, also where the data are missing.
    [Fact]
    public void EveryRow_FindsItsNumbersOnThePage()
    {
        foreach (var number in DocumentedNumbers.All)
            Find(number.Written, File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, number.Page)), number.Page).Should().NotBeEmpty();
    }

    private static double[] Find(string pattern, string text, string where)
    {
        var match = Regex.Match(text.ReplaceLineEndings("\n"), pattern);
        match.Success.Should().BeTrue("'{0}' must have what '{1}' looks for; it has:\n{2}", where, pattern, text.Length < 4_000 ? text : "a long text");
        return [.. match.Groups.Values.Skip(1).Select(g => double.Parse(g.Value, CultureInfo.InvariantCulture))];
    }
}
