using System.Runtime.InteropServices;

namespace Inr.Tests.Torch;

public sealed class LibraryAliasTests
{
    [LinuxFact]
    public void Build_LoadedAlias_StandsForAPathThatDoesNotExist()
    {
        string path = $"/nowhere/{Guid.NewGuid():N}/libnothing.so";
        NativeLibrary.TryLoad(path, out _).Should().BeFalse();

        (nint handle, _) = TransientLibrary.Load("libalias.so", LibraryAlias.Build(path), NativeLibrary.Load);

        NativeLibrary.TryLoad(path, out nint found).Should().BeTrue();
        found.Should().Be(handle);
        NativeLibrary.TryLoad(path + "x", out _).Should().BeFalse();
    }
}
