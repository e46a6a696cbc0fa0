namespace Inr.Tests.Torch;

public sealed class PatchedCopyTests
{
    private static readonly byte[] Image = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];

    [Fact]
    public void Store_EmptyCache_WritesTheFileAndNoDraft()
    {
        using var folder = new TemporaryFolder();
        string path = PatchedCopy.Store(folder.File("deep/er"), "lib.so", Image);
        File.ReadAllBytes(path).Should().Equal(Image);
        Directory.GetFiles(Path.GetDirectoryName(path)!).Should().Equal(path);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void Store_DamagedFile_IsReplaced(int length)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("lib.so"), new byte[length]);
        File.ReadAllBytes(PatchedCopy.Store(folder.FullPath, "lib.so", Image)).Should().Equal(Image);
    }

    [Fact]
    public void Store_GoodFile_IsLeftAlone()
    {
        using var folder = new TemporaryFolder();
        string path = PatchedCopy.Store(folder.FullPath, "lib.so", Image);
        var written = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, written);
        PatchedCopy.Store(folder.FullPath, "lib.so", Image);
        File.GetLastWriteTimeUtc(path).Should().Be(written);
    }

    [Fact]
    public void Store_ManyAtOnce_AllSeeACompleteFile()
    {
        using var folder = new TemporaryFolder();
        Parallel.For(0, 16, _ => File.ReadAllBytes(PatchedCopy.Store(folder.FullPath, "lib.so", Image)).Should().Equal(Image));
        Directory.GetFiles(folder.FullPath).Should().ContainSingle();
    }

    [Fact]
    public void Load_NothingLoads_NamesEveryFolderAndKeepsTheOriginal()
    {
        using var folder = new TemporaryFolder();
        string original = folder.File("libLibTorchSharp.so");
        File.WriteAllBytes(original, NativeLibraryFile.Read());
        var problems = new List<string>();

        Action load = () => PatchedCopy.Load(original, path => throw new DllNotFoundException("refused " + path), problems, [folder.File("cache")]);

        load.Should().Throw<DllNotFoundException>();
        problems.Should().ContainSingle().Which.Should().Contain(folder.File("cache"));
        File.ReadAllBytes(original).Should().Equal(NativeLibraryFile.Read());
    }

    [Fact]
    public void Load_UnusableCache_FallsBackToATemporaryFolder()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("cache"), "a file where a folder is needed");
        var problems = new List<string>();
        byte[]? loaded = null;

        (nint handle, string path) = PatchedCopy.Load(NativeLibraryFile.FullPath, file =>
        {
            loaded = File.ReadAllBytes(file);
            return 42;
        }, problems, [folder.File("cache")]);

        handle.Should().Be(42);
        File.Exists(path).Should().BeFalse("the temporary copy is removed once it is loaded");
        loaded.Should().HaveCount(NativeLibraryFile.Read().Length);
        problems.Should().ContainSingle().Which.Should().Contain("cannot be used");
    }
}
