using System.Runtime.InteropServices;
using Xunit;

namespace Inr.Testing;

/// <summary>A test of what happens where there is no NVIDIA GPU; it is reported as skipped on machines that have the driver of one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NoGpuFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    public NoGpuFactAttribute()
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out nint driver))
            return;
        NativeLibrary.Free(driver);
        Skip = "needs a machine without an NVIDIA driver";
    }
}
