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
    /// cache under <c>dotnet run</c> and benchmark runners), the app's own, and the package layout around TorchSharp.dll
    /// that scripts and notebooks load from.
    /// </summary>
    public static IReadOnlyList<string> Search(Assembly torchSharp)
    {
        var folders = new List<string>();
        folders.AddRange(HostFolders());
        AddApp(folders, AppContext.BaseDirectory);

        // Empty in a single-file app, whose libraries lie beside the app or among the host's folders.
        string assemblyPath = torchSharp.Location;
        if (Path.GetDirectoryName(assemblyPath) is { Length: > 0 } assemblyFolder)
        {
            AddApp(folders, assemblyFolder);
            AddPackages(folders, assemblyFolder);
        }

        if (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") is { } system && OperatingSystem.IsLinux())
            folders.AddRange(system.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return [.. folders.Select(Path.GetFullPath).Select(Path.TrimEndingDirectorySeparator).Distinct().Where(Directory.Exists)];
    }

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
        if (Path.GetDirectoryName(torchSharp.Location) is { Length: > 0 } assemblyFolder)
            folders = folders.Append(assemblyFolder);
        return folders.Select(folder => Path.Join(folder, FileName(library))).Distinct().Where(File.Exists);
    }

    private static string[] HostFolders() => AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string list
        ? list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        : [];

    private static void AddApp(List<string> folders, string folder)
    {
        folders.Add(folder);
        folders.Add(Path.Combine(folder, "runtimes", Rid, "native"));
    }

    /// <summary>From {packages}/torchsharp/{version}/lib/{framework} to the native folders of the packages beside it.</summary>
    private static void AddPackages(List<string> folders, string assemblyFolder)
    {
        string package = Path.GetFullPath(Path.Combine(assemblyFolder, "..", ".."));
        if (Directory.GetParent(package) is not { Name: "torchsharp", Parent.FullName: { } packages })
            return;
        folders.Add(Path.Combine(package, "runtimes", Rid, "native"));
        folders.Add(Path.Combine(packages, "libtorch-cpu-" + Rid, LibTorchVersion.ToString(), "runtimes", Rid, "native"));
    }

    private static string OsName() =>
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsLinux() ? "linux" : "unknown";
}
