using System.Runtime.InteropServices;

namespace Inr;

/// <summary>Makes the C allocator keep what tensors give back, instead of returning it to the system and fetching it again.</summary>
/// <remarks>
/// glibc maps each block of more than 32 MiB anew, and the kernel fills it with zeros page by page on first use. A training
/// step that allocates the same gigabyte of temporaries each time spends much of its time there.
/// </remarks>
internal static partial class NativeHeap
{
    // The numbers of <malloc.h>.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MapMax = -4;

    private const int TopPadBytes = 64 << 20;

    /// <summary>Changes the policy of the process; blocks that exist stay where they are.</summary>
    /// <returns>False where the C library is not glibc, or refused.</returns>
    public static bool Keep()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            // No maps of single blocks; the top of the heap is never given back; it grows in large strides.
            return SetOption(MapMax, 0) == 1 && SetOption(TrimThreshold, int.MaxValue) == 1 && SetOption(TopPad, TopPadBytes) == 1;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SetOption(int option, int value);
}
