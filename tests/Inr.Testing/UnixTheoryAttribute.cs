using Xunit;

namespace Inr.Testing;

/// <summary>A theory of Unix signals; it is reported as skipped on Windows, where one process cannot send another anything like Ctrl-C.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixTheoryAttribute : TheoryAttribute
{
    /// <summary>Creates the attribute.</summary>
    public UnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "needs Unix signals";
    }
}
