using System.Reflection;
using System.Runtime.InteropServices;

namespace Inr;

/// <summary>
/// Loads libtorch and then LibTorchSharp by full path. Once they are in the process under their own names, whatever asks for
/// them by name, TorchSharp's P/Invokes included, gets these.
/// </summary>
internal static partial class NativeLoader
{
    /// <summary>Name of the environment variable that points at the <c>lib</c> folder of an existing libtorch.</summary>
    public const string FolderVariable = "INR_LIBTORCH";

    /// <summary>The native half of TorchSharp.</summary>
    public const string Shim = "LibTorchSharp";

    private const int ResolveNow = 2;

    /// <summary>libtorch in the order in which its parts need each other; the CUDA parts may be absent.</summary>
    private static readonly (string Name, bool Required)[] LibTorch =
        [("c10", true), ("torch_cpu", true), ("c10_cuda", false), ("torch_cuda", false), ("torch", true)];

    /// <summary>Loads everything.</summary>
    /// <param name="torchSharp">The managed half.</param>
    /// <param name="libTorchFolder">The folder that the user chose for libtorch, or null to search the app's folders.</param>
    /// <param name="problems">Receives what was tried in vain.</param>
    /// <exception cref="TorchRuntimeException">Something is missing or does not load.</exception>
    public static NativeLoad Load(Assembly torchSharp, string? libTorchFolder, ICollection<string> problems)
    {
        IReadOnlyList<string> folders = NativeFolders.Search(torchSharp);
        string chosen = libTorchFolder is null ? FindLibTorch(folders) : CheckChosen(libTorchFolder);
        foreach ((string name, bool required) in LibTorch)
        {
            string path = Path.Combine(chosen, NativeFolders.FileName(name));
            if (required || File.Exists(path))
                LoadOrExplain(path);
        }

        string shim = NativeFolders.Find(folders, Shim) ?? throw LoadFailure.MissingShim(folders);
        return LoadShim(shim, chosen, problems);
    }

    private static NativeLoad LoadShim(string shim, string libTorchFolder, ICollection<string> problems)
    {
        try
        {
            return new NativeLoad(LoadLibrary(shim), shim, null, libTorchFolder);
        }
        catch (DllNotFoundException direct)
        {
            if (!OperatingSystem.IsLinux())
                throw LoadFailure.DoesNotLoad(shim, direct.Message, problems, direct);
            try
            {
                (nint handle, string path) = PatchedCopy.Load(shim, LoadLibrary, problems);
                return new NativeLoad(handle, path, shim, libTorchFolder);
            }
            catch (Exception patched) when (patched is ElfPatchException or DllNotFoundException or IOException or UnauthorizedAccessException)
            {
                problems.Add($"A patched copy did not help: {patched.Message.Trim()}");
                throw LoadFailure.DoesNotLoad(shim, direct.Message, problems, patched);
            }
        }
    }

    private static string FindLibTorch(IReadOnlyList<string> folders)
    {
        string path = NativeFolders.Find(folders, "torch_cpu") ?? throw LoadFailure.MissingLibTorch(folders);
        return Path.GetDirectoryName(path)!;
    }

    private static string CheckChosen(string folder)
    {
        // Both the root of a libtorch download and its lib folder are natural things to name.
        string[] candidates = [folder, Path.Combine(folder, "lib")];
        string? found = NativeFolders.Find(candidates, "torch_cpu");
        return found is null ? throw LoadFailure.WrongFolder(folder) : Path.GetDirectoryName(Path.GetFullPath(found))!;
    }

    private static void LoadOrExplain(string path)
    {
        try
        {
            NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw LoadFailure.DoesNotLoad(path, e.Message, [], e);
        }
    }

    /// <summary>Loads with all symbols resolved at once, so that an unfitting libtorch shows here and not in a later call.</summary>
    private static nint LoadLibrary(string path)
    {
        if (!OperatingSystem.IsLinux())
            return NativeLibrary.Load(path);
        nint handle = Open(path, ResolveNow);
        return handle != 0 ? handle : throw new DllNotFoundException(Marshal.PtrToStringUTF8(LastError()) ?? path);
    }

    [LibraryImport("libc.so.6", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int mode);

    [LibraryImport("libc.so.6", EntryPoint = "dlerror")]
    private static partial nint LastError();
}
