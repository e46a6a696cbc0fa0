using System.Text.Json;
using Inr.Package.Tests.Cli;

namespace Inr.Cli.Tests;

/// <summary>What the verbs write: pictures, representations and the JSON that other programs read.</summary>
public sealed class VerbTests : IClassFixture<CommandFixture>
{
    // 2·8+8 in the first layer, three times 8·8+8, and 8·3+3 in the last.
    private const int FloatsOfWidth8 = 267;

    private readonly CommandFixture _fixture;

    public VerbTests(CommandFixture fixture) => _fixture = fixture;

    [Fact]
    public void Doctor_Runs_SaysWhatRuns()
    {
        var result = _fixture.Run("doctor", "--json", "doctor.json").ShouldSucceed();

        result.Output.Should().Contain("libtorch").And.Contain("threads").And.Contain("SIMD").And.Contain("problem");
        using var json = Read("doctor.json");
        json.RootElement.GetProperty("devices").EnumerateArray().First().GetString().Should().Be("cpu");
    }

    [Fact]
    public void Fit_WithJson_HasTheFieldsOfTheContract()
    {
        _fixture.Run("fit", "photo.png", "--target", "siren", "--width", "8", "--steps", "7", "--seed", "3", "--threads", "1", "--device", "cpu",
            "--out", "contract.inr", "--render", "contract.png", "--json", "contract.json").ShouldSucceed();

        using var json = Read("contract.json");
        json.RootElement.EnumerateObject().Select(p => p.Name).Should().BeEquivalentTo(
            "signal", "target", "floats", "storedBytes", "bits", "bitsPerSample", "psnr", "psnr8", "ssim", "fitSeconds", "renderSeconds", "steps", "device", "threads", "seed");
        json.RootElement.GetProperty("signal").GetString().Should().Be("photo.png");
        json.RootElement.GetProperty("target").GetString().Should().Be("siren");
        json.RootElement.GetProperty("floats").GetInt64().Should().Be(FloatsOfWidth8);
        json.RootElement.GetProperty("storedBytes").GetInt64().Should().Be(new FileInfo(_fixture.PathOf("contract.inr")).Length);
        json.RootElement.GetProperty("steps").GetInt32().Should().Be(7);
        json.RootElement.GetProperty("device").GetString().Should().Be("cpu");
        json.RootElement.GetProperty("threads").GetInt32().Should().Be(1);
        json.RootElement.GetProperty("seed").GetInt64().Should().Be(3);
        json.RootElement.GetProperty("psnr").GetDouble().Should().BeApproximately(json.RootElement.GetProperty("psnr8").GetDouble(), 0.5);
        TestPng.SizeOf(_fixture.PathOf("contract.png")).Should().Be((16, 12));
    }

    [Theory]
    [InlineData("fit photo.png --target siren --width 8 --steps 1 --json -", "psnr")]
    [InlineData("info photo.inr --json -", "formatVersion")]
    [InlineData("doctor --json -", "devices")]
    public void Run_JsonToTheStandardOutput_LeavesNothingElseThere(string line, string field)
    {
        var result = _fixture.Run(line.Split(' '));

        result.ExitCode.Should().Be(0);
        using var json = JsonDocument.Parse(result.Output);
        json.RootElement.TryGetProperty(field, out _).Should().BeTrue();
        result.Error.Should().NotBeEmpty("people read there");
    }

    [Fact]
    public void Fit_MoreSteps_ComesNearer()
    {
        _fixture.Run("fit", "photo.png", "--target", "siren", "--width", "16", "--steps", "0", "--threads", "1", "--json", "zero.json").ShouldSucceed();
        _fixture.Run("fit", "photo.png", "--target", "siren", "--width", "16", "--steps", "200", "--lr", "0.002", "--threads", "1", "--json", "many.json").ShouldSucceed();

        using var zero = Read("zero.json");
        using var many = Read("many.json");
        many.RootElement.GetProperty("psnr").GetDouble().Should().BeGreaterThan(zero.RootElement.GetProperty("psnr").GetDouble() + 10);
    }

    [Theory]
    [InlineData("siren", 300)]
    [InlineData("relu-mlp", 5_000)]
    [InlineData("fourier-mlp", 2_000)]
    public void Fit_FloatBudget_IsNearlySpentAndNeverExceeded(string target, int floats)
    {
        _fixture.Run("fit", "photo.png", "--target", target, "--floats", $"{floats}", "--steps", "1", "--threads", "1", "--json", "budget.json").ShouldSucceed();

        using var json = Read("budget.json");
        json.RootElement.GetProperty("floats").GetInt64().Should().BeInRange((long)(0.8 * floats), floats);
    }

    [Fact]
    public void Fit_ClosedForm_HasNoStepsAndSaysThatAnOptionIsNotUsed()
    {
        var result = _fixture.Run("fit", "photo.png", "--target", "piecewise-fourier", "--floats", "200", "--steps", "5", "--json", "closed.json").ShouldSucceed();

        result.Output.Should().Contain("--steps has no meaning for piecewise-fourier");
        using var json = Read("closed.json");
        json.RootElement.TryGetProperty("steps", out _).Should().BeFalse();
        json.RootElement.GetProperty("floats").GetInt64().Should().BeLessThanOrEqualTo(200);
    }

    [Theory]
    [InlineData("siren")]
    [InlineData("relu-mlp")]
    [InlineData("piecewise-fourier")]
    [InlineData("block-cosine")]
    public void Fit_OnePixel_Works(string target)
    {
        _fixture.Run("fit", "pixel.png", "--target", target, "--floats", "3000", "--steps", "20", "--out", "pixel.inr", "--render", "pixel-out.png").ShouldSucceed();

        TestPng.SizeOf(_fixture.PathOf("pixel-out.png")).Should().Be((1, 1));
    }

    [Fact]
    public void Fit_SameSeedOneThread_RepeatsBitByBit()
    {
        byte[] Fit(string seed, string name)
        {
            _fixture.Run("fit", "photo.png", "--target", "siren", "--width", "8", "--steps", "20", "--batch", "50", "--threads", "1", "--seed", seed, "--out", name).ShouldSucceed();
            return File.ReadAllBytes(_fixture.PathOf(name));
        }

        byte[] first = Fit("5", "first.inr");
        Fit("5", "second.inr").Should().Equal(first);
        Fit("6", "third.inr").Should().NotEqual(first);
    }

    [Fact]
    public void Render_AnySize_WritesThatSize()
    {
        _fixture.Run("render", "photo.inr", "--size", "40x20", "--out", "large.png", "--json", "render.json").ShouldSucceed();

        TestPng.SizeOf(_fixture.PathOf("large.png")).Should().Be((40, 20));
        using var json = Read("render.json");
        json.RootElement.GetProperty("renderSeconds").GetDouble().Should().BePositive();
    }

    [Fact]
    public void Info_File_SaysWhatItHolds()
    {
        var result = _fixture.Run("info", "photo.inr", "--json", "info.json").ShouldSucceed();

        result.Output.Should().Contain("siren").And.Contain("12×16");
        using var json = Read("info.json");
        json.RootElement.GetProperty("target").GetString().Should().Be("siren");
        json.RootElement.GetProperty("floats").GetInt64().Should().Be(FloatsOfWidth8);
        json.RootElement.GetProperty("storedBytes").GetInt64().Should().Be(new FileInfo(_fixture.PathOf("photo.inr")).Length);
    }

    [Fact]
    public void Fit_WithoutTarget_UsesTheDefaultAndSaysSo()
    {
        _fixture.Run("fit", "photo.png", "--floats", "200", "--json", "default.json").ShouldSucceed().Output.Should().Contain("target: piecewise-fourier, the default");
        using var json = Read("default.json");
        json.RootElement.GetProperty("target").GetString().Should().Be("piecewise-fourier");
    }

    [Fact]
    public void Fit_OnePixel_SaysOneSample() => _fixture.Run("fit", "pixel.png", "--target", "block-cosine").ShouldSucceed().Output.Should().Contain("1 sample,");

    [Theory]
    [InlineData("siren")]
    [InlineData("block-cosine")]
    [InlineData("global-cosine")]
    [InlineData("piecewise-fourier")]
    public void Render_InBandsThatCanBeStopped_IsTheSamePicture(string target)
    {
        _fixture.Run("fit", "photo.png", "--target", target, "--floats", "250", "--steps", "3", "--out", "bands.inr").ShouldSucceed();
        using var representation = ImplicitRepresentation.Load(_fixture.PathOf("bands.inr"));
        using var source = new CancellationTokenSource();
        int[] shape = [421, 640];

        using var whole = representation.Render(shape);
        using var bands = representation.Render(shape, source.Token);

        bands.Domain.Should().Be(whole.Domain);
        Psnr.Of(whole, bands).Should().BeGreaterThan(80);
        source.Cancel();
        FluentActions.Invoking(() => representation.Render(shape, source.Token)).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Fit_Cancelled_SavesItsStateAndMeasuresNothingMore()
    {
        // Long after the start, and long before the last step.
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var result = _fixture.Run(source.Token, "fit", "photo.png", "--target", "siren", "--floats", "2000", "--steps", "100000000", "--out", "stopped.inr", "--json", "stopped.json");

        result.ShouldFail(1, "the best state is in 'stopped.inr'");
        using var representation = ImplicitRepresentation.Load(_fixture.PathOf("stopped.inr"));
        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("stopped.json")));
        json.RootElement.GetProperty("psnr").GetDouble().Should().BeGreaterThan(5);
        json.RootElement.TryGetProperty("renderSeconds", out _).Should().BeFalse("the fit knows its PSNR, and who stops it waits for the file alone");
    }

    [Fact]
    public void Render_Cancelled_EndsWithoutAFile()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        _fixture.Run(cancelled.Token, "render", "photo.inr", "--size", "2048x2048", "--out", "never.png").ShouldFail(1, "Cancelled");
        Directory.EnumerateFiles(_fixture.Folder, "*never*").Concat(Directory.EnumerateFiles(_fixture.Folder, ".inr-*")).Should().BeEmpty();
    }

    private JsonDocument Read(string name) => JsonDocument.Parse(File.ReadAllText(_fixture.PathOf(name)));
}
