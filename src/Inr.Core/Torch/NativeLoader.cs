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
        string shim = NativeFolders.Find(folders, Shim) ?? throw LoadFailure.MissingShim(folders);
        string chosen = libTorchFolder is null ? FindLibTorch(folders) : CheckChosen(libTorchFolder);
        if (libTorchFolder is not null)
            KeepOut(torchSharp, chosen);
        foreach ((string name, bool required) in LibTorch)
        {
            string path = Path.Combine(chosen, NativeFolders.FileName(name));
            if (required || File.Exists(path))
                CheckVersion(LoadOrExplain(path), path);
        }

        if (libTorchFolder is null && !NativeFolders.TakesFromCache && NativeFolders.IsBorrowed(chosen, torchSharp))
            problems.Add(LoadFailure.NoPackage(chosen));
        return LoadShim(shim, chosen, problems);
    }

    /// <summary>Keeps the app's own libtorch out when another one was chosen.</summary>
    private static void KeepOut(Assembly torchSharp, string chosen)
    {
        foreach ((string name, _) in LibTorch)
        {
            foreach (string own in NativeFolders.Probed(torchSharp, name))
            {
                if (!OperatingSystem.IsLinux())
                    throw LoadFailure.TwoLibTorches(chosen, own, null);
                try
                {
                    TransientLibrary.Load(Path.GetFileName(own), LibraryAlias.Build(own), LoadLibrary);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException)
                {
                    throw LoadFailure.TwoLibTorches(chosen, own, e);
                }
            }
        }
    }

    /// <summary>Refuses another libtorch than the one TorchSharp is built for: it would load, and then crash.</summary>
    private static void CheckVersion(nint library, string path)
    {
        if (Path.GetFileName(path) != NativeFolders.FileName("torch_cpu"))
            return;
        Version? found = VersionOf(library);
        if (found is null || found.Major != NativeFolders.LibTorchVersion.Major || found.Minor != NativeFolders.LibTorchVersion.Minor)
            throw LoadFailure.WrongVersion(path, found);
    }

    /// <summary>libtorch's own version, packed as major, minor, patch in the three highest bytes; absent before 2.9.</summary>
    private static Version? VersionOf(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "aoti_torch_abi_version", out nint export))
            return null;
        ulong packed = Marshal.GetDelegateForFunctionPointer<VersionFunction>(export)();
        return new Version((int)(packed >> 56), (int)((packed >> 48) & 255), (int)((packed >> 40) & 255));
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
                throw LoadFailure.ShimDoesNotLoad(shim, direct, problems);
            try
            {
                (nint handle, string path) = PatchedCopy.Load(shim, LoadLibrary, problems);
                return new NativeLoad(handle, path, shim, libTorchFolder);
            }
            catch (Exception patched) when (patched is ElfPatchException or DllNotFoundException or IOException or UnauthorizedAccessException)
            {
                problems.Add($"A patched copy did not help: {patched.Message.Trim()}");
                throw LoadFailure.ShimDoesNotLoad(shim, direct, problems);
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

    private static nint LoadOrExplain(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw LoadFailure.LibTorchDoesNotLoad(path, e);
        }
    }

    /// <summary>Loads with all symbols resolved at once, so that an unfitting libtorch shows here and not in a later call.</summary>
    private static nint LoadLibrary(string path)
    {
        if (!OperatingSystem.IsLinux())
            return NativeLibrary.Load(path);

        // Reading the error once before binds that call; binding it afterwards would overwrite the error it is to read.
        LastError();
        nint handle = Open(path, ResolveNow);
        return handle != 0 ? handle : throw new DllNotFoundException(Marshal.PtrToStringUTF8(LastError()) ?? path);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate ulong VersionFunction();

    [LibraryImport("libc.so.6", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int mode);

    [LibraryImport("libc.so.6", EntryPoint = "dlerror")]
    private static partial nint LastError();
}
