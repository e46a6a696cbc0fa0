namespace Inr.Tests.Torch;

/// <summary>The Linux library of the TorchSharp package, as the build put it beside the tests.</summary>
internal static class NativeLibraryFile
{
    public const string Sha256 = "cf33b1b0bb6bbb9754a768fb5c5d04d9f498603be50e73f55621a0b40ee608b8";

    public static string FullPath
    {
        get
        {
            string[] folders = ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES"))?.Split(Path.PathSeparator) ?? [];
            return folders
                .Append(AppContext.BaseDirectory)
                .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"))
                .Select(folder => Path.Combine(folder, "libLibTorchSharp.so"))
                .First(File.Exists);
        }
    }

    public static byte[] Read() => File.ReadAllBytes(FullPath);
}
