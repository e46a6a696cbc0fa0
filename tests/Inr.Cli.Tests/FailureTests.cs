using Inr.Package.Tests.Cli;
using Inr.Testing;

namespace Inr.Cli.Tests;

/// <summary>Bad input gets one clear line and an exit code, and nothing is lost.</summary>
public sealed class FailureTests : IClassFixture<CommandFixture>
{
    private const int Failed = 1;
    private const int BadUsage = 2;

    private readonly CommandFixture _fixture;

    public FailureTests(CommandFixture fixture) => _fixture = fixture;

    [Theory]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("fit --target siren", "argument")]
    [InlineData("fit photo.png --target siren --bogus 1", "--bogus")]
    [InlineData("fit photo.png --target siren --steps many", "many")]
    [InlineData("fit photo.png --target siren --device quantum", "auto, cpu, cuda")]
    [InlineData("fit photo.png --target siren --render out.jpg", ".png")]
    [InlineData("fit photo.png --target siren --render photo.png", "the same file")]
    [InlineData("render photo.inr --size 10 --out out.png", "640x480")]
    public void Run_BadUsage_SaysOneLineAndExitsWith2(string line, string because) =>
        _fixture.Run(line.Split(' ')).ShouldFail(BadUsage, because);

    [Theory]
    [InlineData("fit missing.png --target siren", "there is no such file")]
    [InlineData("fit empty.png --target siren", "empty")]
    [InlineData("fit truncated.png --target siren", "truncated")]
    [InlineData("fit text.png --target siren", "neither PNG nor JPEG")]
    [InlineData("fit photo.png --target siren --width 0", "--width is 0")]
    [InlineData("fit photo.png --target siren --steps -1", "--steps is -1")]
    [InlineData("fit photo.png --target siren --lr NaN", "--lr is NaN")]
    [InlineData("fit photo.png --target siren --threads 0", "--threads is 0")]
    [InlineData("fit photo.png --target siren --out missing/out.inr", "does not exist")]
    [InlineData("fit photo.png --target siren --json .", "it is a folder")]
    [InlineData("fit photo.png --target siren --width 32 --lr 10 --steps 50", "Diverged at step")]
    [InlineData("render photo.inr --size 0x4 --out out.png", "at least 1")]
    [InlineData("meta-train --data . --learner transformer --target relu-mlp --size 17 --out l.st", "--size is 17; the transformer cuts images into patches of 8")]
    [InlineData("meta-train --data . --learner reptile --target siren --size 8 --batch 0 --out l.st", "--batch is 0")]
    [InlineData("meta-train --data . --learner reptile --target siren --size 8 --steps -1 --out l.st", "--steps is -1")]
    [InlineData("meta-train --data . --learner reptile --target siren --size 8 --channels 2 --out l.st", "--channels is 2")]
    [InlineData("meta-train --data missing --learner reptile --target siren --size 8 --out l.st", "there is no such folder")]
    [InlineData("meta-train --data . --learner reptile --target siren --size 8 --steps 2 --out l.st --resume photo.inr", "not a training checkpoint")]
    [InlineData("render photo.inr --size 4x-4 --out out.png", "at least 1")]
    [InlineData("render photo.inr --size 9999999x9999999 --out out.png", "at most")]
    [InlineData("render photo.png --size 4x4 --out out.png", "photo.png")]
    [InlineData("render truncated.inr --size 4x4 --out out.png", "truncated")]
    [InlineData("render vast.inr --size 4x4 --out out.png", "truncated")]
    [InlineData("render newer.inr --size 4x4 --out out.png", "Update the library")]
    [InlineData("render unknown.inr --size 4x4 --out out.png", "'sirex' is not known")]
    [InlineData("render half.inr --size 4x4 --out out.png", "half.inr")]
    [InlineData("fit photo.png --target piecewise-fourier --floats 5", "FloatBudget is 5; it must be at least 8")]
    [InlineData("info missing.inr", "there is no such file")]
    [InlineData("info vast.inr", "truncated")]
    [InlineData("compare missing.png --targets siren --report report-of-missing", "No fit succeeded")]
    [InlineData("compare photo.png --targets siren --floats 3 --report report-of-nothing", "the smallest that works here is 15")]
    public void Run_BadInput_SaysOneLineAndExitsWith1(string line, string because) =>
        _fixture.Run(line.Split(' ')).ShouldFail(Failed, because);

    [NoGpuFact]
    public void Fit_CudaWhereThereIsNone_SaysWhatToDo() =>
        _fixture.Run("fit", "photo.png", "--target", "siren", "--device", "cuda").ShouldFail(Failed, "'cuda' is not available");

    [Fact]
    public void Fit_Diverged_LeavesTheOldFileAndKeepsTheLastGoodStateBesideIt()
    {
        string old = _fixture.PathOf("keep.inr");
        File.WriteAllText(old, "precious");

        _fixture.Run("fit", "photo.png", "--target", "siren", "--width", "32", "--lr", "10", "--steps", "50", "--out", "keep.inr")
            .ShouldFail(Failed, "keep.last-good.inr");

        File.ReadAllText(old).Should().Be("precious");
        _fixture.Run("info", "keep.last-good.inr").ShouldSucceed();
    }

    [Fact]
    public void Fit_OutputThatCannotBeWritten_FailsBeforeTheSignalIsRead()
    {
        // Both are wrong; the output is checked first, so no work is lost.
        _fixture.Run("fit", "missing.png", "--target", "siren", "--out", "missing/out.inr").ShouldFail(Failed, "--out");
    }

    [Fact]
    public void Run_Failure_LeavesNoTemporaryFile()
    {
        _fixture.Run("fit", "photo.png", "--target", "siren", "--floats", "3", "--out", "never.inr", "--json", "never.json").ShouldFail(Failed, "--floats 3");

        Directory.EnumerateFiles(_fixture.Folder, "never*").Should().BeEmpty();
        Directory.EnumerateFiles(_fixture.Folder, "*.tmp").Should().BeEmpty();
    }
}
