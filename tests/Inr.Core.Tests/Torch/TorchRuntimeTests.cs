using TorchSharp;

namespace Inr.Tests.Torch;

public sealed class TorchRuntimeTests
{
    private const string CopyName = "libLibTorchSharp.so";

    [Fact]
    public void EnsureLoaded_AfterStart_LetsTensorsWork()
    {
        TorchRuntime.EnsureLoaded();
        TorchRuntime.IsAvailable.Should().BeTrue();
        using torch.Tensor sum = torch.arange(5, dtype: torch.float32).sum();
        sum.item<float>().Should().Be(10);
    }

    [Fact]
    public void EnsureLoaded_TwoProcessesOnAnEmptyCache_BothRun()
    {
        using var cache = new TemporaryFolder();
        using var first = new ChildProcess(("XDG_CACHE_HOME", cache.FullPath));
        using var second = new ChildProcess(("XDG_CACHE_HOME", cache.FullPath));

        first.Wait().Should().Be((0, string.Empty));
        second.Wait().Should().Be((0, string.Empty));

        // A system with a newer C++ library needs no copy; then the cache stays empty.
        bool patched = TorchRuntime.Describe().PatchedFrom is not null;
        string expected = Path.Combine(cache.FullPath, "inr", "native", NativeLibraryFile.Sha256, CopyName);
        Directory.GetFiles(cache.FullPath, "*", SearchOption.AllDirectories).Should().Equal(patched ? [expected] : []);
    }

    [Fact]
    public void EnsureLoaded_NoWritableCache_StillRuns()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("file");
        File.WriteAllText(file, string.Empty);
        using var process = new ChildProcess(("XDG_CACHE_HOME", file), ("XDG_DATA_HOME", file));
        process.Wait().Should().Be((0, string.Empty));
    }

    [LinuxFact]
    public void EnsureLoaded_ChosenFolderBesideTheAppsOwn_Wins()
    {
        // Two copies of libtorch in one process abort it. Links would not do for the largest part: the system sees through them.
        using var folder = new TemporaryFolder();
        string own = TorchRuntime.Describe().LibTorchPath!;
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(own)!).Where(file => file != own))
            File.CreateSymbolicLink(folder.File(Path.GetFileName(file)), file);
        File.Copy(own, folder.File(Path.GetFileName(own)));

        using var process = new ChildProcess(("INR_LIBTORCH", folder.FullPath));
        process.Wait().Should().Be((0, string.Empty));
    }

    [Fact]
    public void EnsureLoaded_ChosenFolderWithoutLibTorch_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        using var process = new ChildProcess(("INR_LIBTORCH", folder.FullPath));
        (int exitCode, string errors) = process.Wait();
        exitCode.Should().NotBe(0);
        errors.Should().Contain(nameof(TorchRuntimeException)).And.Contain(folder.FullPath)
            .And.Contain("Point INR_LIBTORCH at").And.Contain("System: ");
    }

    [Fact]
    public void EnsureLoaded_ChosenFolderWithABrokenFile_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        foreach (string library in new[] { "c10", "torch_cpu", "torch" })
            File.WriteAllText(folder.File(NativeFolders.FileName(library)), "not a library");
        using var process = new ChildProcess(("INR_LIBTORCH", folder.FullPath));
        (int exitCode, string errors) = process.Wait();
        exitCode.Should().NotBe(0);
        errors.Should().Contain(nameof(TorchRuntimeException)).And.Contain(folder.File(NativeFolders.FileName("c10")));
    }

    [Fact]
    public void Threads_SetAndGet_ReachLibTorch()
    {
        int before = TorchRuntime.Threads;
        try
        {
            TorchRuntime.Threads = 2;
            torch.get_num_threads().Should().Be(2);
            TorchRuntime.Threads.Should().Be(2);
        }
        finally
        {
            TorchRuntime.Threads = before;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Threads_BelowOne_IsRefused(int threads) =>
        FluentActions.Invoking(() => TorchRuntime.Threads = threads).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Describe_ThisProcess_NamesWhatRuns()
    {
        RuntimeReport report = TorchRuntime.Describe();
        report.Available.Should().BeTrue();
        report.Problems.Should().BeEmpty();
        report.TorchSharpVersion.Should().StartWith("0.107");
        torch.__version__.Should().StartWith(report.LibTorchVersion);
        File.Exists(report.LibTorchPath).Should().BeTrue();
        File.Exists(report.LibraryPath).Should().BeTrue();
        report.Devices.Should().StartWith("cpu");
        report.Threads.Should().Be(1);
        report.ToString().Should().Contain(report.LibTorchPath).And.Contain("devices").And.Contain("problems");
    }
}
