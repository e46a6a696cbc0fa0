namespace Inr.Files;

/// <summary>The names of files of pictures and sounds: a name that says another format than the bytes misleads who opens it.</summary>
internal static class MediaPath
{
    // Programs open these by their ending.
    private static readonly HashSet<string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".avif", ".wav", ".flac", ".mp3", ".ogg", ".npy", ".npz", ".json", ".csv", ".txt", ".md", ".html", ".zip",
    };

    /// <summary>Requires that a path ends as its format does.</summary>
    /// <param name="path">The path.</param>
    /// <param name="format">What the bytes are, such as PNG.</param>
    /// <param name="extension">The ending of that format, with its dot.</param>
    /// <exception cref="ArgumentException">It ends otherwise; a name without an ending says nothing, and passes.</exception>
    public static void RequireExtension(string path, string format, string extension)
    {
        string own = Path.GetExtension(path);
        if (own.Length > 1 && !string.Equals(own, extension, StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"'{path}' ends in '{own}', but the file would be {format}, whose ending is {extension}. Name it '{Path.ChangeExtension(path, extension)}', or write to a stream.", nameof(path));
    }

    /// <summary>Requires a path whose ending does not promise a picture, a sound, a table or an array; endings that nobody knows are fine.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="what">What it would hold, such as "an .inr representation".</param>
    /// <exception cref="ArgumentException">The ending is that of another format.</exception>
    public static void RequireOwnEnding(string path, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string own = Path.GetExtension(path);
        if (Others.Contains(own))
            throw new ArgumentException($"'{path}' ends in '{own}', but the file would be {what}. Name it otherwise, or write to a stream.", nameof(path));
    }
}
