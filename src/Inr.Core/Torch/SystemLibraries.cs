using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Inr;

/// <summary>What the operating system offers to a native C++ library, in words for messages and reports.</summary>
internal static partial class SystemLibraries
{
    /// <summary>Name of the system; on Linux with its C and C++ libraries.</summary>
    public static string Describe() => OperatingSystem.IsLinux()
        ? $"{RuntimeInformation.OSDescription}, glibc {Glibc() ?? "none"}, libstdc++ {NewestCxx() ?? "unknown"}"
        : RuntimeInformation.OSDescription;

    /// <summary>The newest C++ library version that the loaded libstdc++ offers, "GLIBCXX_3.4.30", or null if unknown.</summary>
    public static string? NewestCxx()
    {
        try
        {
            string? path = PathOfLoaded("libstdc++.so");
            if (path is null)
                return null;
            string text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(path));
            return CxxVersion().Matches(text)
                .OrderByDescending(match => int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture))
                .FirstOrDefault()?.Value;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The version of the GNU C library, "2.36", or null where there is none (musl, other systems).</summary>
    public static string? Glibc()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            return Marshal.PtrToStringUTF8(GnuGetLibcVersion());
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static string? PathOfLoaded(string name)
    {
        const string Maps = "/proc/self/maps";
        if (!File.Exists(Maps))
            return null;
        return File.ReadLines(Maps)
            .Select(line => line.IndexOf('/') is >= 0 and var at ? line[at..] : string.Empty)
            .FirstOrDefault(path => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"GLIBCXX_3\.4\.([0-9]{1,3})(?=\0)")]
    private static partial Regex CxxVersion();

    [LibraryImport("libc.so.6", EntryPoint = "gnu_get_libc_version")]
    private static partial nint GnuGetLibcVersion();
}
