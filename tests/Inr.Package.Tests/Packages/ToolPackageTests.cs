using System.IO.Compression;

namespace Inr.Package.Tests.Packages;

/// <summary>The command line as a .NET tool: small, and able to find libtorch by itself.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private const long MostBytes = 64L << 20;

    private readonly string _root = Directory.CreateTempSubdirectory("inr-tool-").FullName;

    [Fact]
    public void Tool_Installed_RunsWithLibTorchOfTheNuGetCache()
    {
        string feed = Path.Combine(_root, "feed");
        string version = $"0.1.0-test.{Environment.ProcessId}.{DateTime.UtcNow:yyyyMMddHHmmss}";
        PackedPackages.Run(PackedPackages.RepositoryRoot, "dotnet", "pack", Path.Combine("samples", "Inr.Cli"), "-c", "Release", "-o", feed,
            $"-p:Version={version}", $"-p:ArtifactsPath={Path.Combine(_root, "artifacts")}", "--nologo", "-v", "q");
        string package = Path.Combine(feed, $"Inr.Tool.{version}.nupkg");
        new FileInfo(package).Length.Should().BeLessThan(MostBytes, "libtorch is half a gigabyte for each platform");
        using (var zip = ZipFile.OpenRead(package))
            zip.Entries.Should().NotContain(e => e.Name.Contains("torch_cpu", StringComparison.Ordinal)).And.Contain(e => e.Name == "DotnetToolSettings.xml");

        string tools = Path.Combine(_root, "tools");
        PackedPackages.Run(_root, "dotnet", "tool", "install", "--tool-path", tools, "--source", feed, "--version", version, "Inr.Tool");
        PackedPackages.Run(_root, Path.Combine(tools, "inr"), "doctor").Should().MatchRegex("problems +none");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
