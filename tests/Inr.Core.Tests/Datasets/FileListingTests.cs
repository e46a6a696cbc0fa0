namespace Inr.Tests;

/// <summary>Folders with links, class folders and several paths: every file once, and nothing left out in silence.</summary>
public sealed class FileListingTests : IDisposable
{
    private static readonly string[] Pictures = [".png", ".jpg"];

    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void List_LinksThatLeadBack_GiveEachPictureOnce()
    {
        Write("one/a.png");
        Link("one/loop", ".");
        Write("two/a.png");
        Link("two/x", ".");
        Link("two/y", ".");

        ImageFolder.Open(_files.At("one"), new ImageFolderOptions { Recursive = true }).Count.Should().Be(1);
        var two = List(["two"], recursive: true);

        Names(two).Should().Equal("two/a.png");
        two.Skipped.Should().HaveCount(2).And.OnlyContain(s => s.Reason == SkipReason.SeenBefore && s.Detail.Contains("two'"));
    }

    [Fact]
    public void List_LinksAcross_KeepThePathWithoutALink()
    {
        Write("all/z/1.png");
        Link("all/a", "z");
        Link("all/b.png", "z/1.png");
        Link("all/outside", _files.At("other"));
        Write("other/2.png");

        var listing = List(["all"], recursive: true);

        Names(listing).Should().Equal("all/outside/2.png", "all/z/1.png");
        listing.Skipped.Select(s => Path.GetFileName(s.Path)).Should().Equal("a", "b.png");
        listing.DescribeSkipped().Should().Be("2 listed already under another path");
    }

    [Fact]
    public void List_SeveralPaths_CountAFileOnce()
    {
        Write("a/1.png");
        Write("a/2.png");
        Link("alias", "a");

        var listing = List(["a/2.png", "a", "alias", "a/../a/1.png"]);

        Names(listing).Should().Equal("a/2.png", "a/1.png");
        listing.Skipped.Select(s => s.Reason).Should().Equal(SkipReason.SeenBefore, SkipReason.SeenBefore, SkipReason.SeenBefore);
        listing.Skipped[0].Detail.Should().Contain("2.png'");
    }

    [Fact]
    public void List_ClassFolders_AreReadOnlyWhenAsked()
    {
        Write("cats/1.png");
        Write("dogs/1.png");
        Write("0.jpg");

        var flat = List(["."]);
        Names(flat).Should().Equal("0.jpg");
        flat.DescribeSkipped().Should().Be("2 subfolders");
        Names(List(["."], recursive: true)).Should().Equal("0.jpg", "cats/1.png", "dogs/1.png");
    }

    [Fact]
    public void List_BrokenAndCircularLinks_AreCounted()
    {
        Write("a.png");
        Link("gone.png", "nothing.png");
        Link("round.png", "round.png");

        var listing = List(["."]);

        Names(listing).Should().Equal("a.png");
        listing.Skipped.Select(s => s.Reason).Should().Equal(SkipReason.Unreadable, SkipReason.Unreadable);
        listing.DescribeSkipped().Should().Be("2 that cannot be read");
    }

    [Fact]
    public void List_NamedFile_IsTakenWhateverItsKind()
    {
        Write("notes.txt");
        Names(List(["notes.txt", "missing.png"])).Should().Equal("missing.png", "notes.txt");
    }

    private FileListing List(string[] paths, bool recursive = false) => FileListing.List(paths.Select(p => p == "." ? _files.Folder : _files.At(p)), Pictures, recursive);

    private IEnumerable<string> Names(FileListing listing)
    {
        var names = listing.Files.Select(f => Path.GetRelativePath(_files.Folder, f).Replace('\\', '/'));
        // The order of several paths is that in which they were given; within a folder, that of the names.
        return listing.Files.Any(f => !File.Exists(f)) ? names.Order(StringComparer.Ordinal) : names;
    }

    private void Write(string name) => _files.Write(name, [1]);

    private void Link(string name, string target)
    {
        string path = _files.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        bool isFolder = Directory.Exists(Path.Combine(Path.GetDirectoryName(path)!, target));
        if (isFolder)
            Directory.CreateSymbolicLink(path, target);
        else
            File.CreateSymbolicLink(path, target);
    }
}
