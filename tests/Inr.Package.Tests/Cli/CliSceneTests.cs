using System.Text.Json;

namespace Inr.Package.Tests.Cli;

/// <summary>Scenes on the command line: a folder of posed pictures in, a field and pictures from around it out.</summary>
public sealed class CliSceneTests : IClassFixture<CliFixture>
{
    private readonly CliFixture _fixture;

    public CliSceneTests(CliFixture fixture) => _fixture = fixture;

    [Fact]
    public void Fit_OfFolder_HoldsViewsOutAndRendersAnOrbit()
    {
        WriteScene("scene", 9);
        File.Delete(_fixture.PathOf("scene/train/r_5.png"));
        var fit = _fixture.Inr.Run("fit", "scene", "--size", "8", "--steps", "3", "--width", "8", "--depth", "2", "--threads", "1",
            "--out", "scene.inr", "--render", "first.png", "--json", "scene.json").ShouldSucceed();
        fit.Output.Should().Contain("every 8th view is held out").And.Contain("views to learn from, 1 held out, 8×8").And.Contain("train/r_5");
        TestPng.SizeOf(_fixture.PathOf("first.png")).Should().Be((8, 8));
        using (var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("scene.json"))))
        {
            json.RootElement.GetProperty("target").GetString().Should().Be("nerf-mlp");
            json.RootElement.GetProperty("steps").GetInt32().Should().Be(3);
            json.RootElement.GetProperty("storedBytes").GetInt64().Should().Be(new FileInfo(_fixture.PathOf("scene.inr")).Length);
            json.RootElement.GetProperty("minPsnr").GetDouble().Should().BeLessThanOrEqualTo(json.RootElement.GetProperty("heldOutPsnr").GetDouble());
        }

        _fixture.Inr.Run("info", "scene.inr").ShouldSucceed().Output.Should().Contain("nerf-mlp");
        _fixture.Inr.Run("render", "scene.inr", "--size", "6x4", "--orbit", "2", "--out", "view.png", "--threads", "1").ShouldSucceed();
        TestPng.SizeOf(_fixture.PathOf("view-000.png")).Should().Be((6, 4));
        TestPng.SizeOf(_fixture.PathOf("view-001.png")).Should().Be((6, 4));
    }

    [Fact]
    public void Fit_OfBadScenes_SaysWhatIsWrong()
    {
        _fixture.Inr.Run("fit", ".").ShouldFail(1, "without transforms_train.json");
        WriteScene("pair", 2);
        _fixture.Inr.Run("fit", "pair").ShouldFail(1, "has 2 views to learn from");
        _fixture.Inr.Run("fit", "pair", "--target", "siren").ShouldFail(2, "whose target is nerf-mlp");
        Directory.Delete(_fixture.PathOf("pair/train"), recursive: true);
        _fixture.Inr.Run("fit", "pair").ShouldFail(1, "r_0.png");
    }

    // Cameras at distance 4 along z; what the pictures show does not matter here.
    private void WriteScene(string name, int views)
    {
        Directory.CreateDirectory(_fixture.PathOf(name + "/train"));
        var frames = new List<object>();
        for (int i = 0; i < views; i++)
        {
            File.WriteAllBytes(_fixture.PathOf($"{name}/train/r_{i}.png"), TestPng.Create(16, 12));
            frames.Add(new { file_path = $"./train/r_{i}", transform_matrix = new double[][] { [1, 0, 0, 0.1 * i], [0, 1, 0, 0], [0, 0, 1, 4], [0, 0, 0, 1] } });
        }

        File.WriteAllText(_fixture.PathOf(name + "/transforms_train.json"), JsonSerializer.Serialize(new { camera_angle_x = 0.69, frames }));
    }
}
