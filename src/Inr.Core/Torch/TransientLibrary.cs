namespace Inr;

/// <summary>Loads a library that exists only as bytes. The file is removed at once; Linux keeps what is mapped.</summary>
internal static class TransientLibrary
{
    /// <summary>Writes the bytes to a fresh private folder, loads them from there and removes the folder.</summary>
    /// <param name="fileName">Name of the file.</param>
    /// <param name="image">The library.</param>
    /// <param name="load">Loads a library from a path.</param>
    /// <returns>The handle and the path, which no longer exists.</returns>
    public static (nint Handle, string Path) Load(string fileName, byte[] image, Func<string, nint> load)
    {
        // Only this user may enter it: a shared, guessable path in the temporary folder could be planted by others.
        DirectoryInfo folder = Directory.CreateTempSubdirectory("inr-");
        try
        {
            string path = Path.Combine(folder.FullName, fileName);
            File.WriteAllBytes(path, image);
            return (load(path), path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
