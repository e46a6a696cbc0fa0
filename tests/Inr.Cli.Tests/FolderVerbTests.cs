using System.Text.Json;

namespace Inr.Cli.Tests;

/// <summary>A folder through <c>encode</c> and <c>decode</c>: what is said, what is written, and the exit code.</summary>
public sealed class FolderVerbTests : IClassFixture<CommandFixture>
{
    private readonly CommandFixture _fixture;

    public FolderVerbTests(CommandFixture fixture) => _fixture = fixture;

    [Fact]
    public void EncodeAndDecode_OfAFolder_GiveItsPicturesBack()
    {
        Folder("photos", "photo.png", "sub/pixel.png");

        _fixture.Run("encode", "photos", "--out", "coded", "--recursive", "--psnr", "35", "--json", "coded.json").ShouldSucceed().Output.Should().Contain("2 files: 2 encoded, 0 there already, 0 failed.");
        _fixture.Run("encode", "photos", "--out", "coded", "--recursive", "--psnr", "35").ShouldSucceed().Output.Should().Contain("0 encoded, 2 there already");
        _fixture.Run("decode", "coded", "--out", "decoded", "--recursive").ShouldSucceed();

        foreach (string name in new[] { "photo.png", "sub/pixel.png" })
        {
            using var before = ImageSignal.Load(_fixture.PathOf($"photos/{name}"));
            using var after = ImageSignal.Load(_fixture.PathOf($"decoded/{name}"));
            Psnr.Of(before, after).Should().BeGreaterThan(34.5);
        }

        var lines = File.ReadAllLines(_fixture.PathOf("coded.json")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.Select(l => l.GetProperty("source").GetString()).Should().Equal("photo.png", "sub/pixel.png");
        lines.Should().OnlyContain(l => l.GetProperty("psnr").GetDouble() >= 35 && l.GetProperty("bits").GetInt64() == 8 * l.GetProperty("bytes").GetInt64()
            && l.GetProperty("bitsPerSample").GetDouble() > 0 && l.GetProperty("encodeSeconds").GetDouble() > 0);
    }

    [Fact]
    public void Encode_WithBadFiles_ListsThemAndFails()
    {
        Folder("mixed", "photo.png", "text.png", "truncated.png");

        var result = _fixture.Run("encode", "mixed", "--out", "mixed-coded");

        result.ShouldFail(1, "2 files of 3 failed");
        result.Output.Should().Contain("failed: text.png: ").And.Contain("failed: truncated.png: ").And.Contain("3 files: 1 encoded, 0 there already, 2 failed.");
    }

    [Fact]
    public void Encode_InShares_TakesAllFiles()
    {
        Folder("many", "a.png", "b.png", "c.png");

        _fixture.Run("encode", "many", "--out", "shares", "--shard", "1/2").ShouldSucceed().Output.Should().Contain("2 files: 2 encoded");
        _fixture.Run("encode", "many", "--out", "shares", "--shard", "2/2").ShouldSucceed().Output.Should().Contain("1 file: 1 encoded");
        _fixture.Run("encode", "many", "--out", "shares").ShouldSucceed().Output.Should().Contain("3 there already");
    }

    [Fact]
    public void Encode_Cancelled_SaysHowToGoOn()
    {
        Folder("stopped", "a.png");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        _fixture.Run(cancelled.Token, "encode", "stopped", "--out", "stopped-coded").ShouldFail(1, "the same command goes on");
    }

    [Theory]
    [InlineData("encode one --out coded --shard 3/2", 2, "--shard")]
    [InlineData("encode one --out coded --quality 20 --bytes 9", 2, "exclude each other")]
    [InlineData("encode one --out coded --jobs 0", 1, "at least 1")]
    [InlineData("encode photo.png --out coded", 1, "is a file")]
    [InlineData("encode nowhere --out coded", 1, "no such folder")]
    [InlineData("encode one", 2, "--out")]
    [InlineData("decode one --out coded", 1, "no .inr file")]
    [InlineData("encode one --out photo.png", 1, "it is a file")]
    public void Run_OfAWrongCommand_SaysWhatIsWrong(string line, int exitCode, string words)
    {
        Folder("one", "a.png");

        _fixture.Run(line.Split(' ')).ShouldFail(exitCode, words);
    }

    // Pictures of the fixture; names that it does not have are copies of its photo.
    private void Folder(string folder, params string[] files)
    {
        foreach (string file in files)
        {
            string path = _fixture.PathOf(Path.Combine(folder, file)), source = _fixture.PathOf(Path.GetFileName(file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(File.Exists(source) ? source : _fixture.PathOf("photo.png"), path, overwrite: true);
        }
    }
}
