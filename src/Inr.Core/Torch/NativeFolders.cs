using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Inr;

/// <summary>Where native libraries of an app may lie, and what they are called on this system.</summary>
internal static class NativeFolders
{
    /// <summary>The version of libtorch that the managed half of TorchSharp is built for.</summary>
    public static Version LibTorchVersion { get; } = new(2, 10, 0);

    /// <summary>The platform as NuGet spells it: <c>linux-x64</c>, <c>win-x64</c>, <c>osx-arm64</c>.</summary>
    public static string Rid { get; } = OsName() + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>File name of a native library on this system: <c>libtorch.so</c>, <c>torch.dll</c>, <c>libtorch.dylib</c>.</summary>
    public static string FileName(string library) =>
        OperatingSystem.IsWindows() ? library + ".dll"
        : OperatingSystem.IsMacOS() ? "lib" + library + ".dylib"
        : "lib" + library + ".so";

    /// <summary>
    /// The folders to search, best first: those that the host took from the app's deps.json (which include the NuGet
    /// cache under <c>dotnet run</c> and benchmark runners), the app's own, the system's, and the NuGet cache at last.
    /// </summary>
    public static IReadOnlyList<string> Search(Assembly torchSharp)
    {
        var folders = new List<string>();
        folders.AddRange(HostFolders());
        AddApp(folders, AppContext.BaseDirectory);

        if (FolderOf(torchSharp) is { } assemblyFolder)
        {
            AddApp(folders, assemblyFolder);

            // Scripts and notebooks load {packages}/torchsharp/{version}/lib/{framework}/TorchSharp.dll in place.
            folders.AddRange(PackageFolders(Path.Combine(assemblyFolder, "..", "..", "..", ".."), torchSharp));
        }

        if (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") is { } system && OperatingSystem.IsLinux())
            folders.AddRange(system.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));

        // TorchSharp itself would copy half a gigabyte from there into the app's folder; loading in place avoids that.
        folders.AddRange(PackageFolders(GlobalPackages(), torchSharp));
        return [.. folders.Select(Path.GetFullPath).Select(Path.TrimEndingDirectorySeparator).Distinct().Where(Directory.Exists)];
    }

    /// <summary>Whether the app means to take libtorch from the NuGet cache, as a .NET tool does: its runtime configuration says so by <c>Inr.BackendFromCache</c>.</summary>
    public static bool TakesFromCache => AppContext.TryGetSwitch("Inr.BackendFromCache", out bool takes) && takes;

    /// <summary>Whether a folder belongs to the NuGet cache and not to the app, which then lacks a backend package.</summary>
    public static bool IsBorrowed(string folder, Assembly torchSharp) =>
        PackageFolders(GlobalPackages(), torchSharp).Contains(folder)
        && !HostFolders().Any(host => Path.TrimEndingDirectorySeparator(host) == folder);

    /// <summary>The package version of an assembly.</summary>
    public static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString(3) ?? "unknown";

    /// <summary>Full path of the first file of that library in the folders, or null.</summary>
    public static string? Find(IEnumerable<string> folders, string library) =>
        folders.Select(folder => Path.Combine(folder, FileName(library))).FirstOrDefault(File.Exists);

    /// <summary>
    /// The existing files that the runtime itself would open for a library, spelled the way it spells them: it joins the
    /// host's folders, then the assembly's, with the file name, and changes nothing else.
    /// </summary>
    public static IEnumerable<string> Probed(Assembly torchSharp, string library)
    {
        IEnumerable<string> folders = HostFolders();
        if (FolderOf(torchSharp) is { } assemblyFolder)
            folders = folders.Append(assemblyFolder);
        return folders.Select(folder => Path.Join(folder, FileName(library))).Distinct().Where(File.Exists);
    }

    /// <summary>The NuGet cache.</summary>
    public static string GlobalPackages() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } chosen
        ? chosen
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The folder of an assembly; null in a single-file app, whose libraries lie beside the app or in the host's folders.</summary>
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "The empty path of a single-file app is handled.")]
    private static string? FolderOf(Assembly assembly) => Path.GetDirectoryName(assembly.Location) is { Length: > 0 } folder ? folder : null;

    private static string[] HostFolders() => AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string list
        ? list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        : [];

    private static void AddApp(List<string> folders, string folder)
    {
        folders.Add(folder);
        folders.Add(Path.Combine(folder, "runtimes", Rid, "native"));
    }

    /// <summary>The native folders of the packages that a packages folder holds, in the versions that fit.</summary>
    private static string[] PackageFolders(string packages, Assembly torchSharp) =>
    [
        Path.Combine(packages, "torchsharp", VersionOf(torchSharp), "runtimes", Rid, "native"),
        Path.Combine(packages, "libtorch-cpu-" + Rid, LibTorchVersion.ToString(), "runtimes", Rid, "native"),
    ];

    private static string OsName() =>
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsLinux() ? "linux" : "unknown";
}
