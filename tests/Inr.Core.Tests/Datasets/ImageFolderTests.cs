namespace Inr.Tests;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Open_Files_AreChosenByExtensionInOrdinalOrder()
    {
        foreach (string name in new[] { "b.png", "B.PNG", "a10.jpg", "a2.JPEG", "notes.txt", "c.gif", ".hidden.png", "sub/d.png" })
            Write(name);

        var folder = ImageFolder.Open(_files.Folder);

        Names(folder).Should().Equal("B.PNG", "a10.jpg", "a2.JPEG", "b.png");
    }

    [Fact]
    public void Open_Recursive_NamesRelativePaths()
    {
        foreach (string name in new[] { "z.png", "sub/d.png", "sub/deep/e.png" })
            Write(name);

        var folder = ImageFolder.Open(_files.Folder, new ImageFolderOptions { Recursive = true });

        Names(folder).Should().Equal("sub/d.png", "sub/deep/e.png", "z.png");
        using var image = folder.Load(1);
        image.Name.Should().Be("sub/deep/e.png");
    }

    [Fact]
    public void Open_Files_SaysWhatItLeftOut()
    {
        foreach (string name in new[] { "b.png", "notes.txt", "c.gif", ".hidden.png", "sub/d.png", ".git/e.png" })
            Write(name);

        var folder = ImageFolder.Open(_files.Folder);

        folder.Skipped.Select(s => (Path.GetRelativePath(_files.Folder, s.Path), s.Reason)).Should().Equal(
            (".git", SkipReason.Hidden), (".hidden.png", SkipReason.Hidden), ("c.gif", SkipReason.OtherKind), ("notes.txt", SkipReason.OtherKind), ("sub", SkipReason.Subfolder));
        ImageFolder.Open(_files.Folder, new ImageFolderOptions { Recursive = true }).Count.Should().Be(2, "hidden folders stay out");
    }

    [Fact]
    public void Load_Options_CropResizeAndConvert()
    {
        Write("a.png");
        var options = new ImageFolderOptions { Image = new ImageLoadOptions { Channels = 1, Size = ImageSize.Square(16), CenterCrop = true } };

        using var image = ImageFolder.Open(_files.Folder, options).Load(0);

        using var expected = ImageSignal.Load(TestFiles.Fixture("images/coffee-48x40.png"), options.Image);
        image.Domain.Should().Be(SignalDomain.Grid(16, 16));
        image.ToPixels8().Should().Equal(expected.ToPixels8());
    }

    [Fact]
    public void Load_DamagedFile_NamesItAndOthersStillLoad()
    {
        Write("a.png");
        _files.Write("b.png", [1, 2, 3]);

        var folder = ImageFolder.Open(_files.Folder);

        new Action(() => folder.Load(1)).Should().Throw<SignalLoadException>().WithMessage("*b.png*");
        using var image = folder.Load(0);
        image.SampleCount.Should().Be(48 * 40);
    }

    [Fact]
    public void Load_WithCache_DecodesOnceAndHandsOutCopies()
    {
        Write("a.png");
        var folder = ImageFolder.Open(_files.Folder, new ImageFolderOptions { CacheBytes = 1 << 20 });
        byte[] expected;
        using (var first = folder.Load(0))
        {
            expected = first.ToPixels8();
            first.Values.zero_();
        }

        File.Delete(_files.At("a.png"));

        using var again = folder.Load(0);
        again.ToPixels8().Should().Equal(expected);
        again.Name.Should().Be("a.png");
        again.Format.Should().Be(new SampleFormat(8), "a copy from the cache is the picture that was read");
    }

    [Fact]
    public void Load_FullCache_KeepsWhatFits()
    {
        Write("a.png");
        Write("b.png");
        // Room for one image of 48·40·3 floats.
        var folder = ImageFolder.Open(_files.Folder, new ImageFolderOptions { CacheBytes = 48 * 40 * 3 * 4 });
        folder.Load(0).Dispose();
        folder.Load(1).Dispose();
        File.Delete(_files.At("a.png"));
        File.Delete(_files.At("b.png"));

        folder.Load(0).Dispose();
        new Action(() => folder.Load(1)).Should().Throw<SignalLoadException>();
    }

    [Fact]
    public void Load_WithoutCache_ReadsTheFileAgain()
    {
        Write("a.png");
        var folder = ImageFolder.Open(_files.Folder);
        folder.Load(0).Dispose();
        File.Delete(_files.At("a.png"));

        new Action(() => folder.Load(0)).Should().Throw<SignalLoadException>().WithMessage("*no such file*");
    }

    [Fact]
    public void Open_MissingOrEmptyFolder_SaysWhichAndWhy()
    {
        string text = _files.Write("notes.txt", [1]);

        new Action(() => ImageFolder.Open(_files.At("none"))).Should().Throw<SignalLoadException>().WithMessage("*none*no such folder*");
        new Action(() => ImageFolder.Open(text)).Should().Throw<SignalLoadException>().WithMessage("*notes.txt*it is a file*");
        new Action(() => ImageFolder.Open(_files.Folder)).Should().Throw<SignalLoadException>().WithMessage("*no .png, .jpg or .jpeg*Recursive*");
        new Action(() => ImageFolder.Open("")).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Open_OptionOutOfRange_NamesIt()
    {
        Write("a.png");

        new Action(() => ImageFolder.Open(_files.Folder, new ImageFolderOptions { CacheBytes = -1 })).Should().Throw<ArgumentException>().WithMessage("*CacheBytes is -1*");
        new Action(() => ImageFolder.Open(_files.Folder, new ImageFolderOptions { Image = new ImageLoadOptions { Channels = 7 } })).Should().Throw<ArgumentException>().WithMessage("*Channels is 7*");
    }

    private void Write(string name) => _files.Write(name, TestFiles.FixtureBytes("images/coffee-48x40.png"));

    private static IEnumerable<string> Names(ISignalDataset dataset) => Enumerable.Range(0, dataset.Count).Select(dataset.GetName);
}
