using System.Diagnostics;
using Inr.Package.Tests.Cli;
using Inr.Testing;

namespace Inr.Cli.Tests;

/// <summary>Where results cannot go, the command says so before it works.</summary>
public sealed class OutputTests(CommandFixture fixture) : IClassFixture<CommandFixture>
{
    private const int Failed = 1;
    private const int BadUsage = 2;

    // The input is missing: whoever looks at it first says so.
    [Theory]
    [InlineData("fit missing.png --out picture.png", "it writes a representation")]
    [InlineData("fit missing.png --out sound.WAV", "it writes a representation")]
    [InlineData("fit missing.png --out results.json", "it writes a representation")]
    [InlineData("fit missing.png --out faces.learner", "it writes a representation")]
    [InlineData("fit missing.png --json picture.png", "it writes JSON")]
    [InlineData("fit missing.png --json photo2.inr", "it writes JSON")]
    [InlineData("fit missing.png --render picture.jpg", "it writes .png files")]
    [InlineData("fit missing.png --out -", "--json alone")]
    [InlineData("render missing.inr --size 4x4 --out picture.jpg", ".png")]
    [InlineData("import trans-inr missing.pth --out learner.inr", "it writes a meta-learner")]
    [InlineData("import siren missing.pth --out siren.learner", "it writes a representation")]
    [InlineData("export missing.inr --out arrays.npy", ".npz or .safetensors")]
    [InlineData("meta-train --data missing --learner maml --target siren --size 8 --out photo.png", "it writes a meta-learner")]
    [InlineData("meta-train --data missing --learner maml --target siren --size 8 --out faces.checkpoint", "the same file")]
    public void Run_NameThatDeniesTheContent_IsBadUsageBeforeTheWork(string line, string because) => fixture.Run(line.Split(' ')).ShouldFail(BadUsage, because);

    [UnixTheory]
    [InlineData("fit missing.png --out /dev/stdout")]
    [InlineData("fit missing.png --out /dev/null")]
    [InlineData("fit missing.png --json /dev/stdout")]
    [InlineData("fit missing.png --render link.png")]
    [InlineData("render missing.inr --size 4x4 --out link.png")]
    [InlineData("import trans-inr missing.pth --out pipe")]
    [InlineData("export missing.inr --out pipe.npz")]
    [InlineData("meta-train --data missing --learner maml --target siren --size 8 --out pipe")]
    [InlineData("compare missing.png --targets siren --report r --json pipe")]
    public void Run_SpecialFile_IsRefusedBeforeTheWork(string line)
    {
        Make("mkfifo", "pipe");
        Make("mkfifo", "pipe.npz");
        if (new FileInfo(fixture.PathOf("link.png")).LinkTarget is null)
            File.CreateSymbolicLink(fixture.PathOf("link.png"), "/dev/null");

        fixture.Run(line.Split(' ')).ShouldFail(Failed, "it is a device or a pipe");
    }

    [UnixTheory]
    [InlineData("fit pipe")]
    [InlineData("fit photo.png --learner pipe")]
    [InlineData("info pipe")]
    [InlineData("render pipe --size 4x4 --out o.png")]
    [InlineData("export pipe --out o.npz")]
    [InlineData("import trans-inr pipe --out o")]
    [InlineData("import siren pipe --out o")]
    [InlineData("meta-eval --data . --learner pipe")]
    [InlineData("meta-train --data . --learner reptile --target siren --size 8 --steps 1 --out o --resume pipe")]
    public void Run_PipeAsInput_IsRefusedInsteadOfWaitedFor(string line)
    {
        Make("mkfifo", "pipe");
        fixture.Run(line.Split(' ')).ShouldFail(Failed, "'pipe'");
    }

    [UnixTheory]
    [InlineData("fit photo.png --render twin.png")]
    [InlineData("fit photo.png --render folder/photo.png")]
    public void Run_OutputThatALinkLeadsBackToTheInput_IsRefused(string line)
    {
        if (new FileInfo(fixture.PathOf("twin.png")).LinkTarget is null)
        {
            File.CreateSymbolicLink(fixture.PathOf("twin.png"), "photo.png");
            Directory.CreateSymbolicLink(fixture.PathOf("folder"), fixture.Folder);
        }

        byte[] before = File.ReadAllBytes(fixture.PathOf("photo.png"));
        fixture.Run(line.Split(' ')).ShouldFail(BadUsage, "the same file as the input");
        File.ReadAllBytes(fixture.PathOf("photo.png")).Should().Equal(before);
    }

    [Fact]
    public void Run_EmptyFileThatExists_IsAnOutputLikeOthers()
    {
        File.WriteAllBytes(fixture.PathOf("made-by-mktemp"), []);
        fixture.Run("info", "photo.inr", "--json", "made-by-mktemp").ShouldSucceed();
        File.ReadAllText(fixture.PathOf("made-by-mktemp")).Should().Contain("siren");
    }

    [Fact]
    public void Run_VeryLongName_IsNotRepeatedInFull() =>
        fixture.Run("fit", "photo.png", "--out", new string('x', 5000) + "/a.inr").Error.Length.Should().BeLessThan(500);

    private void Make(string command, string name)
    {
        if (Path.Exists(fixture.PathOf(name)))
            return;
        using var process = Process.Start(command, fixture.PathOf(name));
        process.WaitForExit();
    }
}
