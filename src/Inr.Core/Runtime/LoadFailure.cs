using System.Runtime.InteropServices;
using System.Text;

namespace Inr;

/// <summary>Words the failures of <see cref="NativeLoader"/>: what was asked for, what the system has, the fix.</summary>
internal static class LoadFailure
{
    private const string AddPackage =
        "Add one backend package to the app (the project that runs): 'dotnet add package TorchSharp-cpu', or " +
        "TorchSharp-cuda-windows / TorchSharp-cuda-linux for NVIDIA GPUs; or set " + NativeLoader.FolderVariable +
        " to the 'lib' folder of an existing libtorch or PyTorch " + NativeFolders.LibTorchVersion + ".";

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
        $"Point it at the 'lib' folder of libtorch or PyTorch {NativeFolders.LibTorchVersion} (python: torch/lib), or unset it " +
        "to use the libraries of the app.",
        [folder]);

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
        text.Append("System: ").Append(RuntimeInformation.OSDescription).Append(", ").Append(NativeFolders.Rid);
        if (OperatingSystem.IsLinux())
        {
            text.Append(", glibc ").Append(SystemLibraries.Glibc() ?? "none")
                .Append(", libstdc++ ").Append(SystemLibraries.NewestCxx() ?? "unknown");
        }

        text.AppendLine(".");
        string folders = string.Join(", ", searched);
        if (folders.Length > 0)
            text.Append("Searched: ").Append(folders).AppendLine(".");
        return new TorchRuntimeException(text.Append("Fix: ").Append(fix).ToString(), cause);
    }
}
