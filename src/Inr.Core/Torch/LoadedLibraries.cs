using System.Diagnostics;

namespace Inr;

/// <summary>Looks up which native libraries are in the process.</summary>
internal static class LoadedLibraries
{
    /// <summary>Full path of a loaded library, or null.</summary>
    /// <param name="library">Its name without prefix and ending, for example <c>torch_cpu</c>.</param>
    public static string? Find(string library) => FindAll(library) is [var first, ..] ? first : null;

    /// <summary>Full paths of the loaded libraries of a name, also those with a version behind it (<c>libc10.so.1.13</c>).</summary>
    /// <param name="library">Its name without prefix and ending, for example <c>c10</c>.</param>
    public static IReadOnlyList<string> FindAll(string library)
    {
        using var process = Process.GetCurrentProcess();
        string file = NativeFolders.FileName(library);

        // A stand-in for the app's own libtorch (LibraryAlias) has the same name, but its file is gone.
        return
        [
            .. process.Modules.Cast<ProcessModule>()
                .Select(module => module.FileName)
                .Where(path => Matches(Path.GetFileName(path), file))
                .OrderByDescending(File.Exists),
        ];
    }

    private static bool Matches(string found, string file) =>
        found.Equals(file, StringComparison.OrdinalIgnoreCase) || found.StartsWith(file + ".", StringComparison.Ordinal);
}
