namespace Inr.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ExistingFile_IsReplacedOnlyWhenTheNewOneIsComplete()
    {
        string path = _folder["f"];
        File.WriteAllText(path, "old");
        Files.AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            File.ReadAllText(path).Should().Be("old");
        });
        File.ReadAllText(path).Should().Be("new");
        Directory.GetFiles(_folder.Root).Should().Equal(path);
    }

    [Fact]
    public void Write_DiskFull_SaysWhyAndKeepsTheOldFile()
    {
        string path = _folder["f"];
        File.WriteAllText(path, "old");
        FluentActions.Invoking(() => Files.AtomicFile.Write(path, stream =>
        {
            stream.Write("half of the"u8);
            throw new IOException("No space left on device");
        })).Should().Throw<InrFileException>().WithMessage($"Cannot write '{path}': No space left on device");
        File.ReadAllText(path).Should().Be("old");
        Directory.GetFiles(_folder.Root).Should().Equal(path);
    }

    [Fact]
    public void Write_OtherFailure_PassesThroughAndKeepsTheOldFile()
    {
        string path = _folder["f"];
        File.WriteAllText(path, "old");
        FluentActions.Invoking(() => Files.AtomicFile.Write(path, _ => throw new OperationCanceledException())).Should().Throw<OperationCanceledException>();
        File.ReadAllText(path).Should().Be("old");
        Directory.GetFiles(_folder.Root).Should().Equal(path);
    }

    [Fact]
    public void Write_NoSuchFolder_NamesIt() =>
        Writing(Path.Combine(_folder["none"], "f")).Should().Throw<InrFileException>().WithMessage($"*the folder '{_folder["none"]}' does not exist*");

    [Fact]
    public void Write_FileAsFolder_IsRefused()
    {
        File.WriteAllText(_folder["f"], "old");
        Writing(Path.Combine(_folder["f"], "g")).Should().Throw<InrFileException>().WithMessage("*does not exist*");
        File.ReadAllText(_folder["f"]).Should().Be("old");
    }

    [Fact]
    public void Write_Folder_IsRefused() =>
        Writing(_folder.Root).Should().Throw<InrFileException>().WithMessage("*it is a folder*");

    [Fact]
    public void Write_ReadOnlyFile_IsRefusedAndKept()
    {
        string path = _folder["f"];
        File.WriteAllText(path, "old");
        File.SetAttributes(path, FileAttributes.ReadOnly);
        Writing(path).Should().Throw<InrFileException>().WithMessage("*read-only*");
        File.ReadAllText(path).Should().Be("old");
        File.SetAttributes(path, FileAttributes.Normal);
    }

    [Fact]
    public void Write_LongestNameTheFileSystemAllows_Works()
    {
        Writing(_folder[new string('n', 255)]).Should().NotThrow();
        Writing(_folder[new string('n', 256)]).Should().Throw<InrFileException>();
        Directory.GetFiles(_folder.Root).Should().ContainSingle();
    }

    [Fact]
    public void Write_SymbolicLink_ReplacesWhatItPointsTo()
    {
        File.WriteAllText(_folder["target"], "old");
        File.CreateSymbolicLink(_folder["link"], _folder["target"]);
        Writing(_folder["link"]).Should().NotThrow();
        File.ReadAllText(_folder["target"]).Should().Be("new");
        new FileInfo(_folder["link"]).LinkTarget.Should().NotBeNull();
    }

    [Fact]
    public void Write_LinkedFolder_ReplacesTheFileInIt()
    {
        Directory.CreateDirectory(_folder["real"]);
        Directory.CreateSymbolicLink(_folder["linked"], _folder["real"]);
        Writing(Path.Combine(_folder["linked"], "f")).Should().NotThrow();
        File.ReadAllText(Path.Combine(_folder["real"], "f")).Should().Be("new");
        Files.RealPath.Of(Path.Combine(_folder["linked"], "f")).Should().Be(Files.RealPath.Of(Path.Combine(_folder["real"], "f")));
    }

    [Fact]
    public void Write_FolderWithLeftoversOfKilledWriters_RemovesThem()
    {
        string Left(string name, double secondsAgo = 60)
        {
            File.WriteAllText(_folder[name], "half of");
            File.SetLastWriteTimeUtc(_folder[name], DateTime.UtcNow.AddSeconds(-secondsAgo));
            return _folder[name];
        }

        string killed = Left(".inr-0123456789abcdef0123456789abcdef.tmp");
        string live = Left(".inr-0123456789abcdef0123456789abcde0.tmp");
        string young = Left(".inr-0123456789abcdef0123456789abcde1.tmp", -60);
        string[] others = [Left(".inr-notes.tmp"), Left(".inr-0123456789ABCDEF0123456789ABCDEF.tmp"), Left("inr.tmp")];

        using (new FileStream(live, FileMode.Open, FileAccess.Write, FileShare.None))
            Writing(_folder["f"]).Should().NotThrow();

        File.Exists(killed).Should().BeFalse("nobody writes it any more");
        Directory.GetFiles(_folder.Root).Should().BeEquivalentTo([_folder["f"], live, young, .. others]);
    }

    [Fact]
    public void Write_RelativePath_MeansTheCurrentFolder()
    {
        string path = Path.GetRelativePath(Environment.CurrentDirectory, _folder["f"]);
        Writing(path).Should().NotThrow();
        File.ReadAllText(_folder["f"]).Should().Be("new");
    }

    private static Action Writing(string path) => () => Files.AtomicFile.Write(path, stream => stream.Write("new"u8));
}
