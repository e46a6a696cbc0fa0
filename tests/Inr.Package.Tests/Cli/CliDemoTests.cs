using System.Text.Json;

namespace Inr.Package.Tests.Cli;

/// <summary>The shipped meta-learner: it is there, small, and as good as the documentation says on pictures that it never saw.</summary>
public sealed class CliDemoTests : IDisposable
{
    // docs/transformer.md: "The shipped learner". More training only raises what it gives.
    private const double ClaimedPsnr = 25;
    private const long LargestFile = 5_000_000;
    private const int Pictures = 6;

    private readonly string _folder = Directory.CreateTempSubdirectory("inr-demo-").FullName;
    private readonly CliProcess _inr;

    public CliDemoTests() => _inr = CliProcess.Inr(_folder);

    [Fact]
    public void ShippedLearner_OnItsHeldOutPictures_GivesWhatIsClaimed()
    {
        string assets = Path.Combine(CliProcess.CommandFolder, "assets");
        string learner = Path.Combine(assets, "emoji.safetensors");
        new FileInfo(learner).Length.Should().BeLessThanOrEqualTo(LargestFile);
        string notice = File.ReadAllText(Path.Combine(assets, "NOTICE-emoji.txt"));
        notice.Should().Contain("Apache License, Version 2.0").And.Contain("googlefonts/noto-emoji");
        File.ReadAllText(Path.Combine(assets, "LICENSE-Apache-2.0.txt")).Should().Contain("TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION");

        Directory.CreateDirectory(Path.Combine(_folder, "emoji"));
        foreach (string picture in Directory.GetFiles(assets, "emoji_*.png"))
        {
            notice.Should().Contain(Path.GetFileName(picture));
            File.Copy(picture, Path.Combine(_folder, "emoji", Path.GetFileName(picture)));
        }

        _inr.Run("meta-eval", "--data", "emoji", "--learner", learner, "--threads", "1", "--device", "cpu", "--json", "eval.json").ShouldSucceed()
            .Output.Should().Contain("mean PSNR");
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "eval.json")));
        json.RootElement.GetProperty("psnr").GetDouble().Should().BeGreaterThan(ClaimedPsnr);
        json.RootElement.GetProperty("learner").GetString().Should().Be("transformer");
        Directory.GetFiles(Path.Combine(_folder, "emoji")).Should().HaveCount(Pictures);
    }

    [Fact]
    public void Demo_EmojiHalf_ComparesOnePassWithGradientSteps()
    {
        var result = _inr.Run("--only", "emoji", "--device", "cpu", "--json", "demo.json").ShouldSucceed();

        result.Output.Should().Contain("one forward pass").And.Contain("200 gradient steps from scratch").And.Contain("as good as one forward pass");
        TestPng.SizeOf(Path.Combine(_folder, "inr-demo", "emoji.png")).Should().Be((808, 1376));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "demo.json")));
        var rows = json.RootElement.EnumerateArray().ToArray();
        rows.Should().HaveCount(3);
        rows[0].GetProperty("psnr").GetDouble().Should().BeGreaterThan(ClaimedPsnr);
        rows[1].GetProperty("psnr").GetDouble().Should().BeGreaterThan(rows[0].GetProperty("psnr").GetDouble(), "ten steps go on from the forward pass");
        rows[0].GetProperty("adaptSeconds").GetDouble().Should().BeLessThan(rows[2].GetProperty("fitSeconds").GetDouble());
        rows[0].GetProperty("steps").GetInt32().Should().Be(0);
    }

    [Fact]
    public void Demo_UnknownHalf_IsBadUsage() => _inr.Run("--only", "cat").ShouldFail(2, "photo or emoji");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
