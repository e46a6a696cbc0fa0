using System.Text.Json;

namespace Inr.Cli.Tests;

/// <summary><c>inr fit --quantize</c>: any target function in codes, which every verb reads.</summary>
public sealed class QuantizeTests : IClassFixture<CommandFixture>
{
    private readonly CommandFixture _fixture;

    public QuantizeTests(CommandFixture fixture) => _fixture = fixture;

    [Theory]
    [InlineData("siren", "--width", "8", "auto")]
    [InlineData("siren", "--width", "8", "7")]
    [InlineData("block-cosine", "--floats", "100", "8")]
    public void Fit_Quantized_WritesASmallFileThatAllVerbsRead(string target, string option, string value, string bits)
    {
        _fixture.Run("fit", "photo.png", "--target", target, option, value, "--quantize", bits, "--out", "codes.inr", "--json", "codes.json").ShouldSucceed();
        _fixture.Run("render", "codes.inr", "--size", "32x24", "--out", "codes.png").ShouldSucceed();
        _fixture.Run("info", "codes.inr", "--json", "info.json").ShouldSucceed().Output.Should().Contain("bits for each").And.Contain("compact form");

        using var info = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("info.json")));
        double weight = info.RootElement.GetProperty("bitsPerWeight").GetDouble();
        weight.Should().BeLessThan(bits == "auto" ? 16 : double.Parse(bits, System.Globalization.CultureInfo.InvariantCulture) + 0.001);
        using var json = JsonDocument.Parse(File.ReadAllText(_fixture.PathOf("codes.json")));
        json.RootElement.GetProperty("storedBytes").GetInt64().Should().Be(new FileInfo(_fixture.PathOf("codes.inr")).Length);
    }

    [Theory]
    [InlineData("siren", "x", "such as 6.5")]
    [InlineData("siren", "99", "bits from 1 to 24")]
    [InlineData("compressed-fourier", "auto", "is coded already")]
    public void Fit_QuantizedToNothing_SaysWhatCan(string target, string bits, string words) =>
        _fixture.Run("fit", "photo.png", "--target", target, "--quantize", bits).ShouldFail(2, words);
}
