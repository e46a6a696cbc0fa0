using Inr.Testing;

namespace Inr.Package.Tests.Cli;

/// <summary>What only a process of its own shows: the streams, the exit code, and signals.</summary>
public sealed class CliProcessTests : IClassFixture<CliFixture>
{
    private readonly CliFixture _fixture;

    public CliProcessTests(CliFixture fixture) => _fixture = fixture;

    [Fact]
    public void Doctor_Runs_SaysWhatRuns() =>
        _fixture.Inr.Run("doctor").ShouldSucceed().Output.Should().Contain("libtorch").And.Contain("threads").And.Contain("SIMD").And.Contain("problem");

    [Fact]
    public void Run_BadUsage_SaysOneLineAndExitsWith2() => _fixture.Inr.Run("frobnicate").ShouldFail(2, "frobnicate");

    [Fact]
    public void Run_BadInput_SaysOneLineAndExitsWith1() => _fixture.Inr.Run("info", "missing.inr").ShouldFail(1, "there is no such file");

    [UnixTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Fit_Interrupted_KeepsTheBestState(string signal)
    {
        string file = $"interrupted-{signal}.inr";
        using var process = _fixture.Inr.StartInterruptible("fit", "photo.png", "--target", "siren", "--width", "64", "--steps", "100000000", "--out", file);
        // The first line comes when the signal is read, after which the fit begins.
        (await process.StandardOutput.ReadLineAsync()).Should().Contain("photo.png");
        using (var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
            await kill.WaitForExitAsync();

        CliProcess.Finish(process).ShouldFail(1, $"the best state is in '{file}'");
        _fixture.Inr.Run("info", file).ShouldSucceed();
    }
}
