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

    public static TorchRuntimeException MissingLibTorch(IEnumerable<string> searched) => Compose(
        $"libtorch {NativeFolders.LibTorchVersion} ({NativeFolders.FileName("torch_cpu")}) was not found.", AddPackage, searched);

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

    public static TorchRuntimeException TwoLibTorches(string chosen, string own) => Compose(
        $"{NativeLoader.FolderVariable} is '{chosen}', but the app brings its own libtorch ('{own}'), and two cannot share a process.",
        $"Remove the backend package (TorchSharp-cpu or TorchSharp-cuda-*) from the app, or unset {NativeLoader.FolderVariable}.",
        []);

    public static TorchRuntimeException DoesNotLoad(string path, string reason, IEnumerable<string> tried, Exception cause) => Compose(
        $"'{path}' does not load: {reason.Trim()}",
        AddPackage + " On Linux this needs glibc 2.34 or newer (Debian 12, Ubuntu 22.04, RHEL 9); musl (Alpine) is not supported.",
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
