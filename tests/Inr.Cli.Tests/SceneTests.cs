using System.Text.Json;
using Inr.Package.Tests.Cli;

namespace Inr.Cli.Tests;

/// <summary>Scenes on the command line: a folder of posed pictures in, a field and pictures from around it out.</summary>
public sealed class SceneTests : IClassFixture<CommandFixture>
{
    private readonly CommandFixture _fixture;

    public SceneTests(CommandFixture fixture) => _fixture = fixture;

    [Fact]
    public void Fit_OfFolder_HoldsViewsOutAndRendersAnOrbit()
    {
        WriteScene("scene", 9);
        File.Delete(_fixture.PathOf("scene/train/r_5.png"));
        var fit = _fixture.Run("fit", "scene", "--size", "8", "--steps", "3", "--width", "8", "--depth", "2", "--threads", "1",
            "--out", "scene.inr", "--render", "first.png", "--json", "scene.json").ShouldSucceed();
        fit.Output.Should().Contain("every 8th view is held out").And.Contain("views to learn from, 1 held out, 8×6").And.Contain("train/r_5");
        TestPng.SizeOf(_fixture.PathOf("first.png")).Should().Be((8, 6), "the pictures have 16×12 pixels");
        using (var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("scene.json"))))
        {
            json.RootElement.GetProperty("target").GetString().Should().Be("nerf-mlp");
            json.RootElement.GetProperty("steps").GetInt32().Should().Be(3);
            json.RootElement.GetProperty("storedBytes").GetInt64().Should().Be(new FileInfo(_fixture.PathOf("scene.inr")).Length);
            json.RootElement.GetProperty("minPsnr").GetDouble().Should().BeLessThanOrEqualTo(json.RootElement.GetProperty("heldOutPsnr").GetDouble());
        }

        _fixture.Run("info", "scene.inr").ShouldSucceed().Output.Should().Contain("nerf-mlp");
        _fixture.Run("render", "scene.inr", "--size", "6x4", "--orbit", "2", "--out", "view.png", "--threads", "1").ShouldSucceed();
        TestPng.SizeOf(_fixture.PathOf("view-000.png")).Should().Be((6, 4));
        TestPng.SizeOf(_fixture.PathOf("view-001.png")).Should().Be((6, 4));
    }

    [Fact]
    public void Outputs_ThatArePicturesOfTheScene_AreRefused_AndViewsAreAsFineAsThePictures()
    {
        WriteScene("own", 9);
        string first = _fixture.PathOf("own/train/r_0.png");
        byte[] before = File.ReadAllBytes(first);
        _fixture.Run("fit", "own", "--steps", "1", "--render", "own/train/r_0.png").ShouldFail(2, "names a file of the scene that is read");
        _fixture.Run("fit", "own", "--steps", "1", "--render", "own/../own/train/r_5.png").ShouldFail(2, "names a file of the scene that is read");
        _fixture.Run("fit", "own", "--size", "8", "--steps", "1", "--width", "8", "--depth", "2", "--threads", "1", "--out", "own.inr", "--render", "own/new.png").ShouldSucceed();
        _fixture.Run("render", "own.inr", "--cameras", "own", "--view", "0", "--size", "4x4", "--out", "own/train/r_0.png").ShouldFail(2, "names a file of the scene that is read");
        File.ReadAllBytes(first).Should().Equal(before);
        TestPng.DepthOf(_fixture.PathOf("own/new.png")).Should().Be(8);

        using (var values = TorchSharp.torch.full(16 * 12, 3, 0.123))
        using (var deep = Signal.FromGrid(values, [12, 16]))
            deep.SavePng(_fixture.PathOf("own/train/r_3.png"), 16);
        _fixture.Run("fit", "own", "--size", "8", "--steps", "1", "--width", "8", "--depth", "2", "--threads", "1", "--out", "own.inr", "--render", "own/new.png").ShouldSucceed();
        TestPng.DepthOf(_fixture.PathOf("own/new.png")).Should().Be(16);
        _fixture.Run("render", "own.inr", "--size", "4x4", "--out", "orbit.png").ShouldSucceed();
        TestPng.DepthOf(_fixture.PathOf("orbit.png")).Should().Be(16);
    }

    [Fact]
    public void Fit_OfMovedScene_SaysWhereItLiesAndRendersItsCameras()
    {
        WriteScene("moved", 9, z: 40, fields: """ "cy": 5, "mask_path": "none", """);
        _fixture.Run("fit", "moved", "--size", "8").ShouldFail(1, "do not look at one place");
        _fixture.Run("fit", "moved/transforms_train.json", "--size", "8").ShouldFail(1, "do not look at one place");
        var fit = _fixture.Run("fit", "moved", "--size", "10x8", "--steps", "3", "--width", "8", "--depth", "2", "--threads", "1", "--holdout", "3", "--near", "20", "--far", "60", "--out", "moved.inr").ShouldSucceed();
        fit.Output.Should().Contain("every 3rd view is held out").And.Contain("6 views to learn from, 3 held out, 10×8")
            .And.Contain("of (0.4, 0, 0), seen from depth 20 to 60").And.Contain("also has 'mask_path', with which nothing is done");
        _fixture.Run("info", "moved.inr").ShouldSucceed().Output.Should().Contain("\"center\":[0.4");
        _fixture.Run("render", "moved.inr", "--cameras", "moved", "--view", "2", "--out", "two.png", "--threads", "1").ShouldSucceed();
        TestPng.SizeOf(_fixture.PathOf("two.png")).Should().Be((16, 12));
        _fixture.Run("render", "moved.inr", "--cameras", "moved/transforms_train.json", "--size", "4x4", "--out", "all.png", "--threads", "1").ShouldSucceed();
        TestPng.SizeOf(_fixture.PathOf("all-008.png")).Should().Be((4, 3));
        _fixture.Run("render", "moved.inr", "--cameras", "moved", "--view", "9", "--out", "two.png").ShouldFail(1, "has 9 views, counted from 0");
        _fixture.Run("render", "moved.inr", "--view", "1", "--size", "4x4", "--out", "two.png").ShouldFail(2, "--view needs --cameras");
        _fixture.Run("render", "moved.inr", "--out", "two.png").ShouldFail(2, "'--size' is required");
        _fixture.Run("fit", "moved", "--centre", "1,2").ShouldFail(2, "three numbers");
        _fixture.Run("fit", "moved", "--size", "8y8").ShouldFail(2, "--size is '8y8'");
        _fixture.Run("fit", "moved", "--near", "7", "--far", "6").ShouldFail(1, "near must be less");
        _fixture.Run("fit", "moved", "--holdout", "1").ShouldFail(1, "--holdout is 1; it must be at least 2");
    }

    [Fact]
    public void Fit_OfBadScenes_SaysWhatIsWrong()
    {
        _fixture.Run("fit", ".").ShouldFail(1, "without transforms_train.json");
        WriteScene("pair", 2);
        _fixture.Run("fit", "pair").ShouldFail(1, "has 2 views to learn from");
        _fixture.Run("fit", "pair", "--target", "siren").ShouldFail(2, "whose target is nerf-mlp");
        Directory.Delete(_fixture.PathOf("pair/train"), recursive: true);
        _fixture.Run("fit", "pair").ShouldFail(1, "r_0.png");
    }

    [Fact]
    public void Fit_WhereAHeldOutViewShowsNothing_JudgesTheOthers()
    {
        WriteScene("blank", 9);
        // The first that is held out looks away from the scene and shows white, which is matched without an error.
        string path = _fixture.PathOf("blank/transforms_train.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("""r_0","transform_matrix":[[1,0,0,0],[0,1,0,0],[0,0,1,4]""", """r_0","transform_matrix":[[-1,0,0,0],[0,1,0,0],[0,0,-1,4]""", StringComparison.Ordinal));
        using (var values = TorchSharp.torch.ones(16 * 12, 3))
        using (var white = Signal.FromGrid(values, [12, 16]))
            white.SavePng(_fixture.PathOf("blank/train/r_0.png"));
        var fit = _fixture.Run("fit", "blank", "--size", "8", "--steps", "3", "--width", "8", "--depth", "2", "--threads", "1",
            "--centre", "0,0,0", "--bounds", "1.5", "--out", "blank.inr", "--render", "blank.png", "--json", "blank.json").ShouldSucceed();
        fit.Output.Should().Contain("1 held-out view of background alone not judged").And.Contain("rendered the held-out view './train/r_8'").And.NotContain("Infinity").And.NotContain("∞");
        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("blank.json")));
        json.RootElement.GetProperty("heldOutPsnr").GetDouble().Should().BeInRange(0, 60);
    }

    [Fact]
    public void Fit_OfHostileNames_PrintsNoControlCharacters()
    {
        WriteScene("names", 9);
        string path = _fixture.PathOf("names/transforms_train.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("./train/r_5", """a\u001b[2J\u0000b""", StringComparison.Ordinal));
        var fit = _fixture.Run("fit", "names", "--size", "8", "--steps", "1", "--width", "8", "--depth", "2", "--threads", "1").ShouldSucceed();
        fit.Output.Should().Contain("left out 'a?[2J?b'").And.NotContain("\u001b[2J").And.NotContain("\0");
    }

    [Fact]
    public void Fit_Cancelled_WritesNothingBeforeTheFirstStep()
    {
        WriteScene("stopped", 9);
        File.WriteAllText(_fixture.PathOf("kept.inr"), "kept");
        using var source = new CancellationTokenSource();
        source.Cancel();
        _fixture.Run(source.Token, "fit", "stopped", "--size", "8", "--out", "kept.inr").ShouldFail(1, "Cancelled");
        File.ReadAllText(_fixture.PathOf("kept.inr")).Should().Be("kept");
    }

    // Cameras side by side that look along z; what the pictures show does not matter here.
    private void WriteScene(string name, int views, double z = 4, string fields = "")
    {
        Directory.CreateDirectory(_fixture.PathOf(name + "/train"));
        var frames = new List<object>();
        for (int i = 0; i < views; i++)
        {
            File.WriteAllBytes(_fixture.PathOf($"{name}/train/r_{i}.png"), TestPng.Create(16, 12));
            frames.Add(new { file_path = $"./train/r_{i}", transform_matrix = new double[][] { [1, 0, 0, 0.1 * i], [0, 1, 0, 0], [0, 0, 1, z], [0, 0, 0, 1] } });
        }

        string json = JsonSerializer.Serialize(new { camera_angle_x = 0.69, frames });
        File.WriteAllText(_fixture.PathOf(name + "/transforms_train.json"), "{" + fields + json[1..]);
    }
}
