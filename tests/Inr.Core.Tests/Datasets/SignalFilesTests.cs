namespace Inr.Tests;

/// <summary>Files and folders of signals: each once, under a name of its own, and nothing left out in silence.</summary>
public sealed class SignalFilesTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Open_ClassFolders_GivesEachSignalANameOfItsOwn()
    {
        foreach (string name in new[] { "all/cats/1.png", "all/dogs/1.png", "all/dogs/2.png", "all/top.png", "all/notes.txt" })
            Write(name);

        var flat = SignalFiles.Open(_files.At("all"));
        flat.Files.Select(f => f.Name).Should().Equal("top.png");
        flat.SkippedText.Should().Be("1 file of another kind, 2 subfolders");

        var all = SignalFiles.Open([_files.At("all")], recursive: true);
        all.Files.Select(f => f.Name).Should().Equal("cats/1.png", "dogs/1.png", "2.png", "top.png");
        all.SkippedText.Should().Be("1 file of another kind");
        using var signal = all.Load(1);
        signal.Name.Should().Be("dogs/1.png");
        using var same = ImageSignal.Load(_files.At("all/dogs/1.png"));
        signal.ToPixels8().Should().Equal(same.ToPixels8());
    }

    [Fact]
    public void Open_SamePictureThroughTwoPaths_CountsOnce()
    {
        Write("a/x.png");
        Directory.CreateSymbolicLink(_files.At("b"), "a");

        var files = SignalFiles.Open(_files.At("a/x.png"), _files.At("b"), _files.At("a"), _files.At("b/x.png"));

        files.Count.Should().Be(1);
        files.SkippedText.Should().Be("3 listed already under another path");
    }

    [Fact]
    public void Open_FolderWithoutSignals_SaysWhatItHolds()
    {
        Write("a/notes.txt");
        Write("a/sub/1.png");
        Write("b/1.png");
        new Action(() => SignalFiles.Open(_files.At("a"))).Should().Throw<SignalLoadException>().WithMessage("*no .png, .jpg, .jpeg or .wav file of its own*1 file of another kind, 1 subfolder*");
        new Action(() => SignalFiles.Open(_files.At("b"), _files.At("a"))).Should().Throw<SignalLoadException>().WithMessage($"*{_files.At("a")}*");
    }

    private void Write(string name) => _files.Write(name, TestFiles.FixtureBytes("images/coffee-48x40.png"));
}
