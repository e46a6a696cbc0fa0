using System.Globalization;
using TorchSharp;

namespace Inr.Testing;

/// <summary>The most memory that the process held at once since a moment, beyond what it held then. Linux only.</summary>
public sealed class PeakMemory
{
    private readonly long _before;

    private PeakMemory(long before) => _before = before;

    /// <summary>Whether the system counts.</summary>
    public static bool IsKnown => File.Exists("/proc/self/clear_refs");

    /// <summary>Bytes beyond the start.</summary>
    public long Bytes => Read("VmHWM") - _before;

    /// <summary>The moment, with libtorch loaded and nothing lying about.</summary>
    public static PeakMemory Start()
    {
        using (torch.NewDisposeScope())
            torch.rand(256, 256).mm(torch.rand(256, 256));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        // Sets the peak of the kernel's count to the present.
        File.WriteAllText("/proc/self/clear_refs", "5");
        return new PeakMemory(Read("VmRSS"));
    }

    private static long Read(string name)
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(name + ":", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
