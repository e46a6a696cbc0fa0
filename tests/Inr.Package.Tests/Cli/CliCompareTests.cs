using System.Diagnostics;
using System.Text.Json;

namespace Inr.Package.Tests.Cli;

/// <summary>A comparison goes on past what fails, keeps what is finished, refuses to mix settings or runs, and ends with one page.</summary>
public sealed class CliCompareTests : IClassFixture<CliFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly CliFixture _fixture;

    public CliCompareTests(CliFixture fixture) => _fixture = fixture;

    [Fact]
    public void Compare_OneSignalBroken_ListsItAndReportsTheOthers()
    {
        var result = Compare("mixed", ["photo.png", "truncated.png", "pixel.png"], "siren,fourier-mlp", "--no-null", "--json", "mixed.json");

        result.ShouldFail(1, "1 signal could not be read; see failures.json in 'mixed'");
        result.Output.Should().Contain("About ").And.Contain("skipped truncated.png").And.Contain("failed: truncated.png").And.Contain("4 of 6 fits").And.Contain("report.html");
        using var summary = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("mixed.json")));
        summary.RootElement.EnumerateArray().Select(row => row.GetProperty("target").GetString()).Should().Equal("siren", "fourier-mlp", "jpeg", "png");
        var png = summary.RootElement[3];
        png.GetProperty("psnr").GetString().Should().Be("Infinity");
        png.GetProperty("bits").GetDouble().Should().Be(8 * png.GetProperty("storedBytes").GetDouble());
        foreach (var row in summary.RootElement.EnumerateArray().Where(IsFit))
        {
            double[] psnr = [.. Signals("mixed").Where(s => s.Target == row.GetProperty("target").GetString()).Select(s => s.Psnr)];
            psnr.Should().HaveCount(2);
            row.GetProperty("signals").GetInt32().Should().Be(2);
            row.GetProperty("psnr").GetDouble().Should().BeApproximately(psnr.Average(), 1e-9);
            row.GetProperty("maxPsnr").GetDouble().Should().Be(psnr.Max());
            row.GetProperty("minPsnr").GetDouble().Should().Be(psnr.Min());
            row.GetProperty("psnr50").GetDouble().Should().BeApproximately(psnr.Average(), 1e-9, "the median of two is their mean");
        }

        string[] csv = File.ReadAllLines(_fixture.PathOf("mixed/signals.csv"));
        csv.Should().HaveCount(1 + 4 + 4, "two targets and two codecs of two signals");
        csv[0].Should().StartWith("signal,target,budget,floats,storedBytes,bits,bitsPerSample,psnr,psnr8,");
    }

    [Fact]
    public void Compare_RunAgain_FitsOnlyWhatIsMissing()
    {
        Compare("again", ["photo.png"], "siren", "--no-null").ShouldSucceed();
        string row = Directory.EnumerateFiles(_fixture.PathOf("again/rows"), "*-siren.json").Single();
        string before = File.ReadAllText(row);

        var second = Compare("again", ["photo.png"], "siren,fourier-mlp", "--no-null").ShouldSucceed();

        second.Output.Should().Contain("2 fits, 1 to do");
        File.ReadAllText(row).Should().Be(before, "its time of fitting would differ if it had been fitted again");
        Signals("again").Select(s => s.Target).Should().Equal("siren", "fourier-mlp");
    }

    [Fact]
    public void Compare_OtherSettingsInTheSameFolder_AreRefused()
    {
        Compare("settled", ["pixel.png"], "siren", "--no-null").ShouldSucceed();

        Compare("settled", ["pixel.png"], "siren", "--no-null", "--seed", "9").ShouldFail(1, "other settings (--seed is 0 there, 9 now)");
    }

    // A process that is killed cannot tidy up: neither its lock nor what it had begun may be in the way.
    [Fact]
    public void Compare_Killed_GoesOnWhereItWas()
    {
        string[] command = ["compare", "photo.png", "--targets", "siren,relu-mlp", "--no-null", "--floats", "2000", "--steps", "400", "--threads", "1", "--report"];
        using (var process = _fixture.Inr.Start([.. command, "killed"]))
        {
            WaitFor(process, () => Rows("killed").Any(f => f.EndsWith("-siren.json", StringComparison.Ordinal)));
            process.Kill();
            process.WaitForExit();
        }

        string first = File.ReadAllText(Rows("killed").Single());

        _fixture.Inr.Run([.. command, "killed"]).ShouldSucceed().Output.Should().Contain("2 fits, 1 to do");
        _fixture.Inr.Run([.. command, "whole"]).ShouldSucceed();

        File.ReadAllText(Rows("killed").Single(f => f.EndsWith("-siren.json", StringComparison.Ordinal))).Should().Be(first);
        Signals("killed").Should().Equal(Signals("whole"), "the same seed gives the same numbers, interrupted or not");
    }

    [Fact]
    public void Compare_WhileAnotherRunUsesTheFolder_IsRefused()
    {
        string[] command = ["compare", "photo.png", "--targets", "siren", "--no-null", "--steps", "1000000", "--threads", "1", "--report", "shared"];
        using var first = _fixture.Inr.Start(command);
        try
        {
            WaitFor(first, () => File.Exists(_fixture.PathOf("shared/plan.json")));
            _fixture.Inr.Run(command).ShouldFail(1, "Another run is using");
        }
        finally
        {
            first.Kill();
            first.WaitForExit();
        }
    }

    [Fact]
    public void Compare_Page_StandsAloneAndHasTheNullModels()
    {
        Compare("page", ["photo.png", "pixel.png"], "siren,piecewise-fourier").ShouldSucceed().Output.Should().Contain("report.html");

        string page = File.ReadAllText(_fixture.PathOf("page/report.html"));
        page.Should().StartWith("<!DOCTYPE html>").And.Contain("name=\"viewport\"").And.Contain("</html>");
        page.Should().Contain("block-cosine").And.Contain("global-cosine").And.Contain("null model");
        page.Should().Contain("PSNR against floats").And.Contain("PSNR against fitting time").And.Contain("data:image/png;base64,").And.Contain("alt=\"");
        page.Should().NotContain("<script").And.NotContain("<link").And.NotContain("http://").And.NotContain("https://").And.NotContain("@import").And.NotContain("rgb(1,0,", "stand-in colours are all replaced");
        Signals("page").Select(s => s.Target).Distinct().Should().Equal("siren", "piecewise-fourier", "block-cosine", "global-cosine");
    }

    [Fact]
    public void Compare_Sound_DrawsItsWaveAndWhatWasMadeOfIt()
    {
        WriteTone(_fixture.PathOf("tone.wav"));

        Compare("tone", ["tone.wav"], "siren,piecewise-fourier").ShouldSucceed();

        string page = File.ReadAllText(_fixture.PathOf("tone/report.html"));
        page.Should().Contain("<h2>Waveforms</h2>").And.Contain("4,000 samples, 0.5 s.").And.Contain("The whole wave");
        foreach (string target in new[] { "siren", "piecewise-fourier", "block-cosine", "global-cosine" })
            page.Should().Contain($"A moment of the original and of {target}");
        page.Should().NotContain("<h2>Side by side</h2>").And.NotContain("rgb(1,0,", "stand-in colours are all replaced");
    }

    [Fact]
    public void Compare_SparseContext_ReportsHeldOutSamplesOfNullModelsToo()
    {
        var result = Compare("sparse", ["photo.png"], "siren", "--context", "sparse:0.25").ShouldSucceed();

        result.Output.Should().Contain("held-out");
        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("sparse/signals.json")));
        var rows = json.RootElement.EnumerateArray().ToDictionary(row => row.GetProperty("target").GetString()!);
        rows.Keys.Should().Equal("siren", "block-cosine", "global-cosine");
        rows.Values.Should().OnlyContain(row => row.GetProperty("context").GetString() == "sparse:0.25" && row.GetProperty("heldOutPsnr").GetDouble() < 100);
        // The picture is a ramp of about 10 in 255 from pixel to pixel: a neighbour's value is off by a few steps.
        rows["block-cosine"].GetProperty("heldOutPsnr").GetDouble().Should().BeGreaterThan(20);
        File.ReadAllText(_fixture.PathOf("sparse/report.html")).Should().Contain("What the fits saw");
    }

    [Fact]
    public void Compare_Sweep_ChoosesTheBestTrial()
    {
        Compare("sweep", ["photo.png"], "fourier-mlp", "--no-null", "--sweep").ShouldSucceed();

        using var sweep = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("sweep/sweep.json")));
        var trials = sweep.RootElement.EnumerateArray().ToList();
        double[] rates = [.. trials.Select(t => t.GetProperty("learningRate").GetDouble())];
        rates.Should().StartWith([1e-4, 3e-4, 1e-3, 3e-3]);
        var chosen = trials.Single(t => t.GetProperty("isChosen").GetBoolean());
        chosen.GetProperty("psnr").GetDouble().Should().Be(trials.Max(t => t.GetProperty("psnr").GetDouble()));
        // Three steps gain by every larger rate, so the search goes on until one does not.
        rates.Length.Should().BeGreaterThan(4);
        (rates[^1] == 0.3 || rates[^1] != chosen.GetProperty("learningRate").GetDouble()).Should().BeTrue();
        using var fits = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("sweep/signals.json")));
        fits.RootElement[0].GetProperty("learningRate").GetDouble().Should().Be(chosen.GetProperty("learningRate").GetDouble());
        File.ReadAllText(_fixture.PathOf("sweep/report.html")).Should().Contain("Sweep of the baselines");
    }

    [Fact]
    public void Compare_SeveralBudgetsAndABudgetOfTime_HaveARowEach()
    {
        _fixture.Inr.Run("compare", "photo.png", "--targets", "siren", "--no-null", "--floats", "2000,500", "--seconds", "0.3", "--threads", "1", "--report", "budgets", "--json", "budgets.json").ShouldSucceed();

        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("budgets.json")));
        var rows = json.RootElement.EnumerateArray().Where(IsFit).ToList();
        rows.Select(r => r.GetProperty("budget").GetInt64()).Should().Equal(500, 2000);
        rows.Should().OnlyContain(r => r.GetProperty("floats").GetDouble() <= r.GetProperty("budget").GetInt64() && r.GetProperty("steps").GetInt32() >= 1);
        using var plan = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("budgets/plan.json")));
        plan.RootElement.GetProperty("steps").EnumerateObject().Select(p => p.Name).Should().BeEquivalentTo("siren-500", "siren-2000");
    }

    [Theory]
    [InlineData("--context dense", 2, "is no context; use full, sparse:")]
    [InlineData("--steps 3 --seconds 1", 2, "two budgets of one thing")]
    [InlineData("--floats 100,many", 2, "no whole number")]
    [InlineData("--floats 0", 1, "--floats is 0; it must be at least 1")]
    [InlineData("--seconds 0", 1, "above 0")]
    public void Compare_BadOption_IsRefusedBeforeAnyWork(string options, int exitCode, string because)
    {
        _fixture.Inr.Run(["compare", "photo.png", "--targets", "siren", "--report", "never", .. options.Split(' ')]).ShouldFail(exitCode, because);

        Directory.Exists(_fixture.PathOf("never")).Should().BeFalse();
    }

    [Fact]
    public void Compare_ReportThatCannotBeWritten_IsRefusedBeforeAnyWork() =>
        Compare("photo.png", ["photo.png"], "siren").ShouldFail(1, "it is a file; name a folder");

    // Half a second of 440 Hz: 8 kHz, one channel, 16 bits.
    private static void WriteTone(string path)
    {
        const int Rate = 8_000, Samples = 4_000, Bytes = 2 * Samples;
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write("RIFF"u8);
        writer.Write(36 + Bytes);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(Rate);
        writer.Write(2 * Rate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(Bytes);
        for (int i = 0; i < Samples; i++)
            writer.Write((short)(10_000 * Math.Sin(2 * Math.PI * 440 * i / Rate)));
    }

    private CliResult Compare(string report, string[] paths, string targets, params string[] more) =>
        _fixture.Inr.Run(["compare", .. paths, "--targets", targets, "--floats", "2000", "--steps", "3", "--threads", "1", "--report", report, .. more]);

    private static void WaitFor(Process process, Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            process.HasExited.Should().BeFalse("the run should still be at work");
            clock.Elapsed.Should().BeLessThan(Patience);
            Thread.Sleep(20);
        }
    }

    private IEnumerable<string> Rows(string report) =>
        Directory.Exists(_fixture.PathOf($"{report}/rows")) ? Directory.EnumerateFiles(_fixture.PathOf($"{report}/rows"), "*.json") : [];

    // Files of codecs hold no floats.
    private static bool IsFit(JsonElement row) => row.TryGetProperty("floats", out _);

    // JSON has no number for the PSNR of an exact fit.
    private List<(string Target, double Psnr)> Signals(string report)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf($"{report}/signals.json")));
        return [.. json.RootElement.EnumerateArray().Where(IsFit).Select(row => (row.GetProperty("target").GetString()!, row.TryGetProperty("psnr", out var psnr) && psnr.ValueKind == JsonValueKind.Number ? psnr.GetDouble() : double.PositiveInfinity))];
    }
}
