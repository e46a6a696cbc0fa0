namespace Inr.Cli.Runtime;

/// <summary>How many processor cores there are: two hardware threads of one core share the units that tensor operations use.</summary>
internal static class Processors
{
    private const string Topology = "/sys/devices/system/cpu";

    /// <summary>Physical cores that this process may use; logical ones where the system does not tell.</summary>
    public static int Cores() => Math.Clamp(CountSiblingLists(), 1, Environment.ProcessorCount);

    // Each logical processor lists those that share its core; equal lists are one core.
    private static int CountSiblingLists()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Topology))
            return Environment.ProcessorCount;
        try
        {
            int cores = Directory.EnumerateDirectories(Topology, "cpu*")
                .Select(folder => Path.Combine(folder, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct()
                .Count();
            return cores == 0 ? Environment.ProcessorCount : cores;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Environment.ProcessorCount;
        }
    }
}
