using System.Runtime.InteropServices;

namespace Inr.Cli.Runtime;

/// <summary>Lets idle threads of libtorch sleep instead of spin, which on a busy machine is several times faster.</summary>
/// <remarks>
/// OpenMP reads its variables when its library is loaded, and from the C environment, which
/// <see cref="Environment.SetEnvironmentVariable(string, string)"/> does not change. So the C function is called, before
/// libtorch is loaded. A variable that the user has set stays as it is.
/// </remarks>
internal static partial class OpenMpWait
{
    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string WaitPolicy = "OMP_WAIT_POLICY";

    /// <summary>Sets the variable on Linux, where libtorch comes with the OpenMP library of GCC.</summary>
    public static void Sleep()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(WaitPolicy) is not null)
            return;
        // The last argument keeps a value that is there already.
        _ = SetVariable(SpinCount, "0", overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
