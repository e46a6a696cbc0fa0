using System.Text.Json;
using System.Text.RegularExpressions;

namespace Inr.Package.Tests.Cli;

/// <summary>The command computes perceptrons on whatever vectors the runtime finds, and with libtorch where the engine is off.</summary>
public sealed partial class CliEngineTests : IClassFixture<CliFixture>
{
    private readonly CliFixture _fixture;

    public CliEngineTests(CliFixture fixture) => _fixture = fixture;

    [Fact]
    public void Fit_OnFewerVectorUnitsOrWithoutTheEngine_ReachesTheSame()
    {
        string picture = Path.Combine(_fixture.Folder, "engine.png");
        File.WriteAllBytes(picture, TestPng.Create(24, 16));
        (string Engine, double Psnr) Fit(string variable)
        {
            string output = _fixture.Inr.RunWith(variable, "0", "fit", picture, "--target", "siren", "--width", "20", "--steps", "20", "--json", "engine.json").ShouldSucceed().Output;
            using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_fixture.Folder, "engine.json")));
            return (EngineLine().Match(output).Groups[1].Value.Trim(), json.RootElement.GetProperty("psnr").GetDouble());
        }

        var libtorch = Fit("INR_ENGINE");
        libtorch.Engine.Should().Be("libtorch");
        foreach (string hidden in new[] { "DOTNET_EnableAVX512", "DOTNET_EnableAVX2" })
        {
            var fused = Fit(hidden);
            fused.Engine.Should().StartWith("fused (").And.NotContain("AVX-512");
            fused.Psnr.Should().BeApproximately(libtorch.Psnr, 0.1);
        }
    }

    [GeneratedRegex("steps computed by (.+)")]
    private static partial Regex EngineLine();
}
