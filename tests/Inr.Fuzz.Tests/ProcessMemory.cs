using System.Globalization;

namespace Inr.Fuzz.Tests;

/// <summary>The memory of this process as Linux counts it, native memory included; elsewhere nothing is measured.</summary>
internal static class ProcessMemory
{
    private const string Status = "/proc/self/status";
    private const string Clear = "/proc/self/clear_refs";

    /// <summary>Makes the highest resident size what it is now.</summary>
    public static void ResetPeak()
    {
        if (OperatingSystem.IsLinux())
            File.WriteAllText(Clear, "5");
    }

    /// <summary>The highest resident size since <see cref="ResetPeak"/>, and the highest size of the address space ever, in bytes.</summary>
    public static (long Resident, long Virtual) Peak() => OperatingSystem.IsLinux() ? (Read("VmHWM:"), Read("VmPeak:")) : (0, 0);

    private static long Read(string field)
    {
        string line = File.ReadLines(Status).First(l => l.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture);
    }
}
