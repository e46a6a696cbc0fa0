using System.Text.Json;

namespace Inr.Cli.Tests;

/// <summary>Coded cosines through the verbs of single signals: a goal goes in, a small file comes out, and every verb reads it.</summary>
public sealed class CodedTests : IClassFixture<CommandFixture>
{
    private readonly CommandFixture _fixture;

    public CodedTests(CommandFixture fixture) => _fixture = fixture;

    [Fact]
    public void Fit_OfASize_WritesAFileOfAtMostThatSizeThatAllVerbsRead()
    {
        _fixture.Run("fit", "photo.png", "--target", "compressed-fourier", "--bytes", "120", "--out", "coded.inr", "--json", "coded.json").ShouldSucceed();
        _fixture.Run("render", "coded.inr", "--size", "32x24", "--out", "coded.png").ShouldSucceed();
        _fixture.Run("info", "coded.inr").ShouldSucceed().Output.Should().Contain("compressed-fourier").And.Contain("grid 12×16").And.Contain("compact form");

        long length = new FileInfo(_fixture.PathOf("coded.inr")).Length;
        length.Should().BeInRange(30, 120);
        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("coded.json")));
        json.RootElement.GetProperty("storedBytes").GetInt64().Should().Be(length);
        json.RootElement.TryGetProperty("steps", out _).Should().BeFalse("there are none");
    }

    [Theory]
    [InlineData("--psnr", "30")]
    [InlineData("--bits-per-sample", "4")]
    [InlineData("--quality", "20")]
    [InlineData("--floats", "30")]
    public void Fit_OfAGoal_ReachesIt(string option, string goal)
    {
        _fixture.Run("fit", "photo.png", "--target", "compressed-fourier", option, goal, "--json", "goal.json").ShouldSucceed();

        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("goal.json")));
        double psnr = json.RootElement.GetProperty("psnr").GetDouble();
        double bits = 8.0 * json.RootElement.GetProperty("storedBytes").GetInt64() / (16 * 12);
        (option switch { "--psnr" => psnr >= 30, "--bits-per-sample" => bits <= 4, "--floats" => bits * 16 * 12 <= 30 * 32, _ => psnr > 15 }).Should().BeTrue($"there are {psnr} dB at {bits} bits a pixel");
    }

    [Theory]
    [InlineData("--bytes 3", "the smallest file has", 1)]
    [InlineData("--quality 101", "from 0 to 100", 1)]
    [InlineData("--quality 50 --psnr 30", "exclude each other", 2)]
    [InlineData("--bytes 0", "at least 1", 1)]
    [InlineData("--psnr -3", "above 0", 1)]
    public void Fit_OfAGoalThatCannotBe_SaysWhatCan(string goal, string words, int exitCode) =>
        _fixture.Run(["fit", "photo.png", "--target", "compressed-fourier", .. goal.Split(' ')]).ShouldFail(exitCode, words);

    [Fact]
    public void Fit_GoalOfAnotherTarget_IsNoted() =>
        _fixture.Run("fit", "photo.png", "--target", "block-cosine", "--quality", "30").ShouldSucceed().Output.Should().Contain("--quality has no meaning for block-cosine");

    [Fact]
    public void Compare_OfCodecs_WritesAPageAndSaysWhatTheSystemDoesNotHave()
    {
        string? path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", _fixture.Folder);
            var result = _fixture.Run("compare", "photo.png", "--codec", "--steps", "3", "--report", "codecs", "--json", "codecs.json").ShouldSucceed();

            result.Output.Should().Contain("left out webp (cwebp and dwebp, Debian package webp): not on this system").And.Contain("--steps has no meaning");
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }

        File.ReadAllText(_fixture.PathOf("codecs/report.html")).Should().Contain("libavif-bin");
        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("codecs.json")));
        json.RootElement.GetProperty("points").EnumerateArray().Should().OnlyContain(p => p.GetProperty("codec").GetString() == "compressed-fourier" && p.GetProperty("decodeSeconds").GetDouble() > 0);
        _fixture.Run("compare", "photo.png", "--report", "codecs").ShouldFail(2, "'--targets' is required, or --codec");
        _fixture.Run("compare", "photo.png", "--targets", "siren", "--report", "codecs").ShouldFail(1, "other settings");
    }

    [Fact]
    public void Compare_WithCodedCosines_CountsFourBytesAsANumber()
    {
        _fixture.Run("compare", "photo.png", "--targets", "compressed-fourier", "--floats", "40", "--no-null", "--report", "coded-report", "--json", "compare.json").ShouldSucceed();

        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("compare.json")));
        var row = json.RootElement[0];
        row.GetProperty("target").GetString().Should().Be("compressed-fourier");
        row.GetProperty("storedBytes").GetDouble().Should().BeLessThanOrEqualTo(160);
        row.GetProperty("floats").GetDouble().Should().BeLessThanOrEqualTo(40);
    }
}
