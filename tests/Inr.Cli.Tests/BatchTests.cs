using System.Text.Json;
using Inr.Package.Tests.Cli;

namespace Inr.Cli.Tests;

/// <summary>Verbs over many files: what fails is listed, leaves the means, and leaves its mark on the exit code.</summary>
public sealed class BatchTests : IClassFixture<CommandFixture>
{
    private readonly CommandFixture _fixture;

    public BatchTests(CommandFixture fixture)
    {
        _fixture = fixture;
        Directory.CreateDirectory(fixture.PathOf("mixed"));
        File.WriteAllBytes(fixture.PathOf("mixed/good.png"), TestPng.Create(16, 16));
        File.WriteAllBytes(fixture.PathOf("mixed/other.png"), TestPng.Create(24, 16));
        File.WriteAllText(fixture.PathOf("mixed/broken.png"), "This is no picture.\n");
    }

    [Fact]
    public void MetaTrain_FailedFile_IsListedAndExitsWith1ThoughTheLearnerIsSaved()
    {
        var result = _fixture.Run("meta-train", "--data", "mixed", "--learner", "reptile", "--target", "siren", "--size", "8", "--width", "4", "--depth", "2",
            "--steps", "2", "--batch", "2", "--inner-steps", "1", "--threads", "1", "--out", "mixed.learner", "--json", "train.json");

        result.ShouldFail(1, "1 image could not be read; the learner in 'mixed.learner' is that of the others.");
        result.Output.Should().Contain("skipped broken.png: ");
        File.Exists(_fixture.PathOf("mixed.learner")).Should().BeTrue();
        File.Exists(_fixture.PathOf("train.json")).Should().BeTrue();
    }

    [Fact]
    public void MetaEval_FailedFile_IsListedLeavesTheMeansAndExitsWith1()
    {
        _fixture.Run("meta-train", "--data", "mixed", "--learner", "reptile", "--target", "siren", "--size", "8", "--width", "4", "--depth", "2",
            "--steps", "0", "--threads", "1", "--out", "judged.learner").ShouldSucceed();

        var result = _fixture.Run("meta-eval", "--data", "mixed", "--learner", "judged.learner", "--size", "8", "--inner-steps", "1", "--threads", "1", "--json", "eval.json");
        result.ShouldFail(1, "1 image of 3 could not be read");
        result.Output.Should().Contain("skipped broken.png: ");
        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("eval.json")));
        json.RootElement.GetProperty("psnr").GetDouble().Should().BePositive();

        File.Delete(_fixture.PathOf("mixed/broken.png"));
        _fixture.Run("meta-eval", "--data", "mixed", "--learner", "judged.learner", "--size", "8", "--inner-steps", "1", "--threads", "1").ShouldSucceed();
    }

    [Fact]
    public void Fit_Exact_HasAPsnrInJson()
    {
        using (var black = ImageSignal.FromPixels(new byte[16 * 16], 16, 16, 1))
            black.SavePng(_fixture.PathOf("black.png"));

        _fixture.Run("fit", "black.png", "--target", "block-cosine", "--floats", "300", "--json", "exact.json").ShouldSucceed().Output.Should().Contain("exact");

        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("exact.json")));
        json.RootElement.GetProperty("psnr").GetString().Should().Be("Infinity");
        json.RootElement.GetProperty("psnr8").GetString().Should().Be("Infinity");
    }
}
