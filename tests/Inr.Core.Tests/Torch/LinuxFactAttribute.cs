using System.Runtime.InteropServices;

namespace Inr.Tests.Torch;

/// <summary>A test of behaviour that only Linux on x64 has; elsewhere it shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Skip = "needs Linux on x64";
    }
}
