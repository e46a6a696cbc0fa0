using System.Diagnostics;

namespace Inr;

/// <summary>Looks up which native libraries are in the process.</summary>
internal static class LoadedLibraries
{
    /// <summary>Full path of a loaded library, or null.</summary>
    /// <param name="library">Its name without prefix and ending, for example <c>torch_cpu</c>.</param>
    public static string? Find(string library)
    {
        using var process = Process.GetCurrentProcess();
        string file = NativeFolders.FileName(library);

        // A stand-in for the app's own libtorch (LibraryAlias) carries the same file name, from a folder that is gone.
        return process.Modules.Cast<ProcessModule>()
            .Select(module => module.FileName)
            .Where(path => Path.GetFileName(path).Equals(file, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(File.Exists)
            .FirstOrDefault();
    }
}
