using System.Security.Cryptography;

namespace Inr;

/// <summary>
/// Keeps the patched copy of a native library in a per-user cache folder named by the SHA-256 of the original, so
/// that each version of the library is patched once a user. The original is only ever read.
/// </summary>
internal static class PatchedCopy
{
    /// <summary>The symbol version that systems with a C++ library older than GCC 13's lack.</summary>
    public const string OptionalVersion = "GLIBCXX_3.4.32";

    /// <summary>
    /// Patches a copy of the library and loads it from the first cache folder that allows both, else from a
    /// private temporary folder.
    /// </summary>
    /// <param name="original">Full path of the library.</param>
    /// <param name="load">Loads a library from a path; throws <see cref="DllNotFoundException"/> when it cannot.</param>
    /// <param name="problems">Receives one line for each folder that did not do.</param>
    /// <param name="caches">Cache folders to try in order; the user's own by default.</param>
    /// <returns>The handle and the path that it was loaded from.</returns>
    /// <exception cref="ElfPatchException">The library cannot be patched.</exception>
    /// <exception cref="DllNotFoundException">The patched copy does not load either.</exception>
    public static (nint Handle, string Path) Load(string original, Func<string, nint> load, ICollection<string> problems, IEnumerable<string>? caches = null)
    {
        byte[] image = File.ReadAllBytes(original);
        string hash = Convert.ToHexString(SHA256.HashData(image)).ToLowerInvariant();
        ElfVersionPatch.MakeOptional(image, OptionalVersion);

        string fileName = Path.GetFileName(original);
        foreach (string cache in caches ?? CacheFolders())
        {
            try
            {
                string path = Store(Path.Combine(cache, "inr", "native", hash), fileName, image);
                return (load(path), path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException)
            {
                problems.Add($"The cache folder '{cache}' cannot be used: {e.Message.Trim()}");
            }
        }

        return TransientLibrary.Load(fileName, image, load);
    }

    /// <summary>Writes the file unless it is there with the same bytes. Racing processes each rename a complete file.</summary>
    internal static string Store(string folder, string fileName, byte[] image)
    {
        string path = Path.Combine(folder, fileName);
        if (HasContent(path, image))
            return path;

        Directory.CreateDirectory(folder);
        string draft = Path.Combine(folder, $"{fileName}.{Environment.ProcessId}.{Path.GetRandomFileName()}");
        try
        {
            File.WriteAllBytes(draft, image);
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }

        return path;
    }

    private static bool HasContent(string path, byte[] image)
    {
        var file = new FileInfo(path);
        return file.Exists && file.Length == image.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(image);
    }

    private static IEnumerable<string> CacheFolders()
    {
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathFullyQualified(xdg))
            yield return xdg;
        string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (local.Length > 0)
            yield return local;
    }
}
