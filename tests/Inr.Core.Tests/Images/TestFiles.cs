using Inr.Testing;

namespace Inr.Tests;

/// <summary>Where tests find the fixtures, and a folder of their own to write to.</summary>
internal sealed class TestFiles : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("inr-tests-").FullName;

    public static string Fixture(string name) =>
        Path.Combine(SharedData.RepositoryRoot, "tests", "Inr.Core.Tests", "fixtures", name);

    public static byte[] FixtureBytes(string name) => File.ReadAllBytes(Fixture(name));

    /// <summary>A path in the folder of this test.</summary>
    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>Writes a file to the folder of this test.</summary>
    public string Write(string name, byte[] content)
    {
        string path = At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
