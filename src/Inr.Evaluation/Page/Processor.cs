using System.Runtime.InteropServices;

namespace Inr.Evaluation;

/// <summary>The processor of this machine, as reports name it: times mean nothing without it.</summary>
internal static class Processor
{
    private const string LinuxFacts = "/proc/cpuinfo";
    private const string LinuxName = "model name";
    private const string WindowsName = "PROCESSOR_IDENTIFIER";

    /// <summary>Its name where the system tells, else its architecture; and how many of them there are.</summary>
    public static string Name { get; } =
        $"{(OperatingSystem.IsLinux() ? OfLinux() : Environment.GetEnvironmentVariable(WindowsName)) ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} logical";

    private static string? OfLinux()
    {
        try
        {
            string? line = File.ReadLines(LinuxFacts).FirstOrDefault(l => l.StartsWith(LinuxName, StringComparison.Ordinal));
            return line?[(line.IndexOf(':') + 1)..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
