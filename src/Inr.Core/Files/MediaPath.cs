namespace Inr.Files;

/// <summary>The names of files of pictures and sounds: a name that says another format than the bytes misleads who opens it.</summary>
internal static class MediaPath
{
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
}
