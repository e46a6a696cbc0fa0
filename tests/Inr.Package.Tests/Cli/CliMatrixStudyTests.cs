using System.Globalization;
using System.Text.RegularExpressions;

namespace Inr.Package.Tests.Cli;

/// <summary>The study of all pairings says how long it takes, and goes on where it stopped.</summary>
public sealed partial class CliMatrixStudyTests : IClassFixture<CliFixture>
{
    // From scratch, MAML, Reptile, modulation (which needs dense layers), transformer, its test-time steps, closed forms.
    private const int CellsOfWholeSignals = 4 + 4 + 4 + 3 + 4 + 4 + 3;

    private readonly CliFixture _fixture;

    public CliMatrixStudyTests(CliFixture fixture) => _fixture = fixture;

    [Fact]
    public void Plan_CountsThePairingsThatMakeSense_AndDoublesWithTheTime()
    {
        var (cells, seconds) = Plan("--minutes", "10");
        var (_, twice) = Plan("--minutes", "20");

        cells.Should().Be(CellsOfWholeSignals);
        // 4 MAML, 4 Reptile, 3 modulations and 4 transformers, which the test-time steps share.
        (twice - seconds).Should().BeApproximately(15 * 600, 6 * 60);
    }

    [Fact]
    public void Plan_OtherSettingsInTheSameFolder_AreRefused()
    {
        _fixture.Studies.Run("matrix", "plan", "--only", "faces", "--out", "settled").ShouldSucceed();

        _fixture.Studies.Run("matrix", "plan", "--only", "faces", "--out", "settled", "--seed", "4").ShouldFail(1, "other settings", "study");
        _fixture.Studies.Run("matrix", "plan", "--only", "text", "--out", "settled", "--seed", "4").ShouldSucceed();
    }

    private (int Cells, double Seconds) Plan(params string[] more)
    {
        string folder = string.Join('-', more).Trim('-');
        var result = _fixture.Studies.Run(["matrix", "plan", "--only", "faces", "--contexts", "full", "--out", folder, .. more]).ShouldSucceed();
        var match = Estimate().Match(result.Output);
        match.Success.Should().BeTrue("the output is: {0}", result.Output);
        double amount = double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
        return (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), amount * match.Groups[3].Value switch { "s" => 1, "min" => 60, _ => 3600 });
    }

    [GeneratedRegex(@"(\d+) cells of 1 data set, \d+ to do: about ([\d.]+) (s|min|h) on 1 thread")]
    private static partial Regex Estimate();
}
