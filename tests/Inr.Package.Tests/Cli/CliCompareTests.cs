using System.Text.Json;

namespace Inr.Package.Tests.Cli;

/// <summary>A comparison goes on past what fails, keeps what is finished and refuses to mix settings.</summary>
public sealed class CliCompareTests : IClassFixture<CliFixture>
{
    private readonly CliFixture _fixture;

    public CliCompareTests(CliFixture fixture) => _fixture = fixture;

    [Fact]
    public void Compare_OneSignalBroken_ListsItAndReportsTheOthers()
    {
        var result = Compare("mixed", ["photo.png", "truncated.png", "pixel.png"], "siren,fourier-mlp", "--json", "mixed.json");

        result.ShouldSucceed();
        result.Output.Should().Contain("About ").And.Contain("skipped truncated.png").And.Contain("4 of 6 fits").And.Contain("1 failure");
        using var summary = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("mixed.json")));
        summary.RootElement.EnumerateArray().Select(row => row.GetProperty("target").GetString()).Should().Equal("siren", "fourier-mlp");
        foreach (var row in summary.RootElement.EnumerateArray())
        {
            double[] psnr = [.. Signals("mixed").Where(s => s.Target == row.GetProperty("target").GetString()).Select(s => s.Psnr)];
            psnr.Should().HaveCount(2);
            row.GetProperty("psnr").GetDouble().Should().BeApproximately(psnr.Average(), 1e-9);
            row.GetProperty("maxPsnr").GetDouble().Should().Be(psnr.Max());
            row.GetProperty("minPsnr").GetDouble().Should().Be(psnr.Min());
        }

        string[] csv = File.ReadAllLines(_fixture.PathOf("mixed/signals.csv"));
        csv.Should().HaveCount(5);
        csv[0].Should().StartWith("signal,target,floats,storedBytes,psnr,psnr8,");
    }

    [Fact]
    public void Compare_RunAgain_FitsOnlyWhatIsMissing()
    {
        Compare("again", ["photo.png"], "siren").ShouldSucceed();
        string row = Directory.EnumerateFiles(_fixture.PathOf("again/rows"), "*-siren.json").Single();
        string before = File.ReadAllText(row);

        var second = Compare("again", ["photo.png"], "siren,fourier-mlp").ShouldSucceed();

        second.Output.Should().Contain("2 fits, 1 to do");
        File.ReadAllText(row).Should().Be(before, "its time of fitting would differ if it had been fitted again");
        Signals("again").Select(s => s.Target).Should().Equal("siren", "fourier-mlp");
    }

    [Fact]
    public void Compare_OtherSettingsInTheSameFolder_AreRefused()
    {
        Compare("settled", ["pixel.png"], "siren").ShouldSucceed();

        Compare("settled", ["pixel.png"], "siren", "--seed", "9").ShouldFail(1, "other settings");
    }

    private CliResult Compare(string report, string[] paths, string targets, params string[] more) =>
        _fixture.Inr.Run(["compare", .. paths, "--targets", targets, "--floats", "2000", "--steps", "3", "--threads", "1", "--report", report, .. more]);

    private List<(string Target, double Psnr)> Signals(string report)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf($"{report}/signals.json")));
        return [.. json.RootElement.EnumerateArray().Select(row => (row.GetProperty("target").GetString()!, row.GetProperty("psnr").GetDouble()))];
    }
}
