using Xunit;

namespace Inr.Testing;

/// <summary>A test that measures memory; where the system does not count it, the test shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MemoryFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    public MemoryFactAttribute()
    {
        if (!PeakMemory.IsKnown)
            Skip = "needs /proc/self/clear_refs of Linux";
    }
}
