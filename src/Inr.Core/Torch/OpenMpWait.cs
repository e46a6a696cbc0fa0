using System.Runtime.InteropServices;

namespace Inr;

/// <summary>Lets idle threads of libtorch sleep instead of spin, which on a busy machine is several times faster.</summary>
/// <remarks>
/// OpenMP reads its variables when its library is loaded, and from the C environment, which
/// <see cref="Environment.SetEnvironmentVariable(string, string)"/> does not change. So the C function is called, before
/// libtorch is loaded. A variable that the user has set stays as it is: GOMP_SPINCOUNT=infinite, say, spins again.
/// Child processes inherit what is set here.
/// </remarks>
internal static partial class OpenMpWait
{
    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string WaitPolicy = "OMP_WAIT_POLICY";

    /// <summary>Whether idle threads sleep, by this class or by the user's own setting.</summary>
    public static bool IsAsleep { get; private set; }

    /// <summary>Sets the variable on Linux, where libtorch comes with the OpenMP library of GCC.</summary>
    public static void Sleep()
    {
        if (!OperatingSystem.IsLinux())
            return;
        if (Environment.GetEnvironmentVariable(WaitPolicy) is { } policy)
        {
            IsAsleep = string.Equals(policy, "passive", StringComparison.OrdinalIgnoreCase);
            return;
        }

        string? own = Environment.GetEnvironmentVariable(SpinCount);
        IsAsleep = own is null ? TrySetVariable() : own == "0";
    }

    private static bool TrySetVariable()
    {
        try
        {
            return SetVariable(SpinCount, "0", overwrite: 0) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name: threads spin, which costs time only.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
