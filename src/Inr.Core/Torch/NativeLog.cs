using System.Runtime.InteropServices;

namespace Inr;

/// <summary>Silences libtorch's warnings on the error stream, such as that of an accelerator that a processor lacks: nobody can act on them, and they hide real messages.</summary>
/// <remarks>
/// Without Python, libtorch reads no variable for this; the level is a number that its library exports. Errors are still
/// printed, and so are warnings where TORCH_CPP_LOG_LEVEL is set.
/// </remarks>
internal static class NativeLog
{
    private const string LevelVariable = "TORCH_CPP_LOG_LEVEL";
    private const string Level = "FLAGS_caffe2_log_level";
    private const int ErrorsOnly = 2;

    /// <summary>Prints errors only, from now on. Call it once libtorch is loaded.</summary>
    public static void Quieten()
    {
        string? library = OperatingSystem.IsLinux() ? "libc10.so" : OperatingSystem.IsMacOS() ? "libc10.dylib" : null;
        // A library that is loaded already is found by its name; another version may lack the number, and warns then.
        if (library is null || Environment.GetEnvironmentVariable(LevelVariable) is not null
            || !NativeLibrary.TryLoad(library, out nint handle) || !NativeLibrary.TryGetExport(handle, Level, out nint level))
            return;
        Marshal.WriteInt32(level, Math.Max(ErrorsOnly, Marshal.ReadInt32(level)));
    }
}
