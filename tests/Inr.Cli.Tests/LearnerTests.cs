using System.Text.Json;
using Inr.Package.Tests.Cli;
using Inr.Testing;

namespace Inr.Cli.Tests;

/// <summary>A trained or imported learner is of use: it adapts to a picture, says what it is, and knows its size.</summary>
public sealed class LearnerTests : IClassFixture<CommandFixture>
{
    private static readonly string Checkpoints = Path.Combine(SharedData.RepositoryRoot, "tests", "Inr.Meta.Tests", "fixtures", "checkpoints");

    private readonly CommandFixture _fixture;

    public LearnerTests(CommandFixture fixture)
    {
        _fixture = fixture;
        if (Directory.Exists(fixture.PathOf("upright")))
            return;
        Directory.CreateDirectory(fixture.PathOf("upright/class"));
        File.Copy(Path.Combine(Checkpoints, "upright.png"), fixture.PathOf("upright/upright.png"));
        File.WriteAllBytes(fixture.PathOf("upright/class/other.png"), TestPng.Create(20, 20));
        File.WriteAllText(fixture.PathOf("upright/notes.txt"), "no picture");
        fixture.Run("meta-train", "--data", "upright", "--learner", "maml", "--target", "siren", "--size", "12", "--width", "8", "--depth", "2",
            "--steps", "2", "--batch", "1", "--inner-steps", "2", "--threads", "1", "--out", "maml.learner").ShouldSucceed();
    }

    [Theory]
    [InlineData("plain", 8.8825, "saved plain")]
    [InlineData("half", 8.8815, "converted from Float16")]
    [InlineData("dataparallel", 8.8825, "removed from its names: 'module.'")]
    [InlineData("protocol4", 8.8825, "saved protocol4")]
    public void Import_Checkpoint_SaysWhatItChangedAndReachesItsPsnr(string name, double psnr, string note)
    {
        var imported = _fixture.Run("import", "trans-inr", Path.Combine(Checkpoints, name + ".pth"), "--out", name + ".learner").ShouldSucceed();
        imported.Output.Should().Contain(note).And.Contain("images of 16×16");

        var judged = _fixture.Run("meta-eval", "--data", "upright", "--learner", name + ".learner", "--threads", "1", "--json", name + ".json").ShouldSucceed();
        judged.Output.Should().Contain("16×16, at which the learner was trained").And.Contain("1 image of 'upright'; left out: ").And.Contain("1 file of another kind").And.Contain("--recursive takes them");
        Read(name + ".json").GetProperty("psnr").GetDouble().Should().BeApproximately(psnr, 0.002);
    }

    [Fact]
    public void MetaEval_Recursive_TakesSubfoldersAtTheSizeOfTheTraining()
    {
        var result = _fixture.Run("meta-eval", "--data", "upright", "--learner", "maml.learner", "--recursive", "--threads", "1").ShouldSucceed();
        result.Output.Should().Contain("2 images of 'upright'").And.Contain("squares of 12×12, at which the learner was trained; --size says another size");
        result.Output.Should().MatchRegex(@"\| gradient \|\s+full \|\s+2 \|");
    }

    [Fact]
    public void MetaTrain_Recursive_LearnsFromSubfolders() =>
        _fixture.Run("meta-train", "--data", "upright", "--learner", "reptile", "--target", "siren", "--size", "8", "--width", "4", "--depth", "2",
            "--steps", "1", "--inner-steps", "1", "--recursive", "--threads", "1", "--out", "all.learner").ShouldSucceed().Output.Should().Contain("2 images of 8×8");

    [Fact]
    public void Fit_Learner_WritesARepresentationThatRenders()
    {
        var result = _fixture.Run("fit", "photo.png", "--learner", "maml.learner", "--threads", "1", "--out", "adapted.inr", "--render", "adapted.png", "--json", "adapted.json").ShouldSucceed();

        result.Output.Should().Contain("squares of 12×12, at which the learner was trained");
        var json = Read("adapted.json");
        json.GetProperty("learner").GetString().Should().Be("gradient");
        json.GetProperty("target").GetString().Should().Be("siren");
        json.GetProperty("adaptSeconds").GetDouble().Should().BePositive();
        json.TryGetProperty("fitSeconds", out _).Should().BeFalse();
        TestPng.SizeOf(_fixture.PathOf("adapted.png")).Should().Be((12, 12));
        _fixture.Run("render", "adapted.inr", "--size", "24x24", "--out", "adapted-2x.png").ShouldSucceed();
        _fixture.Run("fit", "photo.png", "--learner", "maml.learner", "--size", "16", "--threads", "1").ShouldSucceed().Output.Should().Contain("grid 16×16");
    }

    [Fact]
    public void Fit_LearnerWithGradientSteps_ComesNearer()
    {
        _fixture.Run("fit", "photo.png", "--learner", "maml.learner", "--threads", "1", "--json", "one.json").ShouldSucceed();
        _fixture.Run("fit", "photo.png", "--learner", "maml.learner", "--optimise-steps", "50", "--threads", "1", "--json", "more.json").ShouldSucceed();
        Read("more.json").GetProperty("psnr").GetDouble().Should().BeGreaterThan(Read("one.json").GetProperty("psnr").GetDouble() + 1);
    }

    [Theory]
    [InlineData(2, "fit photo.png --learner maml.learner --inner-steps 1 --optimise-steps 2", "exclude each other")]
    [InlineData(2, "meta-eval --data upright --learner maml.learner --inner-steps 1 --optimise-steps 2", "exclude each other")]
    [InlineData(1, "fit photo.png --learner photo.inr", "it is not a meta-learner")]
    [InlineData(1, "fit photo.png --learner maml.learner --inner-steps -1", "--inner-steps is -1")]
    [InlineData(2, "fit photo.png --learner maml.learner --size 8x8", "squares of one side")]
    public void Run_LearnerOptionsThatMakeNoSense_AreRefused(int exitCode, string line, string because) => _fixture.Run(line.Split(' ')).ShouldFail(exitCode, because);

    [Fact]
    public void Info_Learner_SaysWhatItIs()
    {
        _fixture.Run("info", "maml.learner", "--json", "info.json").ShouldSucceed().Output.Should().Contain("gradient").And.Contain("siren").And.Contain("grid 12×12");
        var json = Read("info.json");
        json.GetProperty("learner").GetString().Should().Be("gradient");
        json.GetProperty("trainedOn").EnumerateArray().Select(n => n.GetInt32()).Should().Equal(12, 12);
    }

    [Fact]
    public void Export_ThenImport_GivesTheSamePicture()
    {
        foreach (string file in (string[])["arrays.npz", "tensors.safetensors"])
        {
            _fixture.Run("export", "photo.inr", "--out", file).ShouldSucceed().Output.Should().Contain("numbers");
            _fixture.Run("import", "siren", file, "--omega", "30", "--hidden-omega", "30", "--output-offset", "0.5", "--shape", "12x16", "--out", "back.inr").ShouldSucceed();
            using var before = ImplicitRepresentation.Load(_fixture.PathOf("photo.inr"));
            using var after = ImplicitRepresentation.Load(_fixture.PathOf("back.inr"));
            using var first = before.Render();
            using var second = after.Render();
            second.Domain.Should().Be(first.Domain);
            Psnr.Of(first, second).Should().BeGreaterThan(100);
        }
    }

    [Fact]
    public void Export_Learner_WritesItsWeights()
    {
        _fixture.Run("export", "maml.learner", "--out", "weights.npz").ShouldSucceed();
        _fixture.Run("export", "maml.learner", "--out", "weights.safetensors").ShouldSucceed();
        using var reader = new Files.SafeTensorsReader(_fixture.PathOf("weights.safetensors"));
        reader.Entries.Should().NotBeEmpty();
        reader.Metadata.Should().BeEmpty("PyTorch wants plain tensors");
    }

    private JsonElement Read(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf(name)));
        return json.RootElement.Clone();
    }
}
