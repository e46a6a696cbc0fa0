using System.Text;

namespace Inr;

/// <summary>Words the failures of <see cref="NativeLoader"/>: what was asked for, what the system has, the fix.</summary>
internal static class LoadFailure
{
    private static readonly string AddPackage =
        "Add one backend package to the app (the project that runs): 'dotnet add package TorchSharp-cpu', or " +
        "TorchSharp-cuda-windows / TorchSharp-cuda-linux for NVIDIA GPUs; or set " + NativeLoader.FolderVariable +
        $" to the 'lib' folder of an existing libtorch or PyTorch {NativeFolders.LibTorchVersion}.";

    private static readonly string ChooseOther =
        $"Point {NativeLoader.FolderVariable} at the 'lib' folder of libtorch or PyTorch {NativeFolders.LibTorchVersion} (in Python's " +
        "site-packages: torch/lib), or unset it to use the libraries of the app.";

    private static string Provide => NativeFolders.TakesFromCache ? FillCache : AddPackage;

    private static string FillCache =>
        $"Put libtorch into the NuGet cache once: 'dotnet package download libtorch-cpu-{NativeFolders.Rid}@{NativeFolders.LibTorchVersion} " +
        $"--output {NativeFolders.GlobalPackages()}'; or set {NativeLoader.FolderVariable} to the 'lib' folder of an existing libtorch or " +
        $"PyTorch {NativeFolders.LibTorchVersion}.";

    public static string NoPackage(string folder) =>
        $"The app has no backend package and runs on this machine only because the NuGet cache holds one ({folder}). {AddPackage}";

    public static TorchRuntimeException MissingLibTorch(IEnumerable<string> searched) => Compose(
        $"libtorch {NativeFolders.LibTorchVersion} ({NativeFolders.FileName("torch_cpu")}) was not found.", Provide, searched);

    public static TorchRuntimeException MissingShim(IEnumerable<string> searched) => Compose(
        $"{NativeFolders.FileName(NativeLoader.Shim)} was not found. It comes with the package TorchSharp for linux-x64, win-x64, " +
        "win-arm64 and osx-arm64.",
        "Run on one of these platforms, and publish with its runtime identifier or with none.",
        searched);

    public static TorchRuntimeException WrongFolder(string folder) => Compose(
        $"{NativeLoader.FolderVariable} is '{folder}', " +
        (Directory.Exists(folder) ? $"which holds no {NativeFolders.FileName("torch_cpu")}." : "which is not a folder."),
        ChooseOther,
        [folder]);

    public static TorchRuntimeException WrongVersion(string path, Version? found) => Compose(
        $"'{path}' is libtorch {found?.ToString() ?? "older than 2.9"}; this TorchSharp works with {NativeFolders.LibTorchVersion}.",
        ChooseOther, []);

    public static TorchRuntimeException TwoLibTorches(string chosen, string own, Exception? cause) => Compose(
        $"{NativeLoader.FolderVariable} is '{chosen}', but the app brings its own libtorch ('{own}'), and two cannot share a process.",
        $"Remove the backend package (TorchSharp-cpu or TorchSharp-cuda-*) from the app, or unset {NativeLoader.FolderVariable}." +
        (cause is null ? string.Empty : " Or let this user write to the temporary folder (TMPDIR), by which Inr keeps the app's own out."),
        [],
        cause);

    public static TorchRuntimeException LibTorchDoesNotLoad(string path, Exception cause)
    {
        string? other = LoadedLibraries.FindAll("c10").FirstOrDefault(loaded => Path.GetDirectoryName(loaded) != Path.GetDirectoryName(path));
        return Compose(
            $"'{path}' does not load: {cause.Message.Trim()}",
            other is null
                ? "Restore the backend package of the app again ('dotnet restore --force'), or install the libtorch again that " +
                  $"{NativeLoader.FolderVariable} points at; the file may be incomplete, or made for another system " +
                  "(on Linux: glibc, not musl)."
                : $"Another libtorch is in the process already ({other}). Call TorchRuntime.EnsureLoaded() before anything else uses " +
                  "TorchSharp, and add a backend package to the app so that no system-wide libtorch is taken.",
            [],
            cause);
    }

    public static TorchRuntimeException ShimDoesNotLoad(string path, Exception cause, IEnumerable<string> tried) => Compose(
        $"'{path}' does not load: {cause.Message.Trim()}",
        "On Linux TorchSharp needs glibc 2.34 or newer (Debian 12, Ubuntu 22.04, RHEL 9), not musl (Alpine). Where a folder " +
        "above could not be used, set XDG_CACHE_HOME to one that this user may write to and run programs from.",
        [],
        cause,
        tried);

    private static TorchRuntimeException Compose(
        string problem, string fix, IEnumerable<string> searched, Exception? cause = null, IEnumerable<string>? tried = null)
    {
        var text = new StringBuilder(problem).AppendLine();
        foreach (string line in tried ?? [])
            text.Append("  ").AppendLine(line);
        text.Append("System: ").Append(SystemLibraries.Describe()).Append(", ").Append(NativeFolders.Rid).AppendLine(".");
        string folders = string.Join(", ", searched);
        if (folders.Length > 0)
            text.Append("Searched: ").Append(folders).AppendLine(".");
        return new TorchRuntimeException(text.Append("Fix: ").Append(fix).ToString(), cause);
    }
}
