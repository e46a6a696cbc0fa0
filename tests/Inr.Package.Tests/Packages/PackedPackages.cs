using System.Diagnostics;

namespace Inr.Package.Tests.Packages;

/// <summary>Packs the packages once, under a version of its own, into a temporary folder.</summary>
public sealed class PackedPackages : IDisposable
{
    /// <summary>The packages, in the order of their dependencies.</summary>
    public static readonly string[] Names = ["Inr.Core", "Inr.Parameterizations", "Inr.Meta", "Inr.Evaluation", "Inr.Scenes"];

    public PackedPackages()
    {
        // A version of its own: the global package folder would hand out an older package of the same version.
        Version = $"0.1.0-test.{Environment.ProcessId}.{DateTime.UtcNow:yyyyMMddHHmmss}";
        Root = Directory.CreateTempSubdirectory("inr-package-").FullName;
        Feed = Path.Combine(Root, "feed");
        foreach (string name in Names)
        {
            Run(RepositoryRoot, "dotnet", "pack", Path.Combine("src", name, name + ".csproj"), "-c", "Release", "-o", Feed,
                $"-p:Version={Version}", $"-p:ArtifactsPath={Path.Combine(Root, "artifacts")}", "--nologo", "-v", "q");
        }
    }

    public static string RepositoryRoot { get; } = FindRoot();

    public string Root { get; }

    public string Feed { get; }

    public string Version { get; }

    /// <summary>The file of a package.</summary>
    public string File(string name, string extension = "nupkg") => Path.Combine(Feed, $"{name}.{Version}.{extension}");

    /// <summary>Runs a command to its end and returns what it printed; a non-zero exit code fails the test with that text.</summary>
    public static string Run(string folder, string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // The outer build's settings must not leak into the child.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, $"'{command} {string.Join(' ', arguments)}' printed:\n{output}\n{error.Result}");
        return output;
    }

    public void Dispose()
    {
        Directory.Delete(Root, recursive: true);
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (string name in Names)
        {
#pragma warning disable CA1308 // The package folder spells names in lower case.
            string folder = Path.Combine(cache, name.ToLowerInvariant(), Version.ToLowerInvariant());
#pragma warning restore CA1308
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "Inr.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Inr.sln was not found above the test output.");
        return folder.FullName;
    }
}
