using System.Text;

namespace Inr.Files;

/// <summary>What readers of files share: opening, and refusals that fit on one line.</summary>
public static class InputFile
{
    private const int LongestQuote = 80;
    private const int LongestLine = 400;

    // Where /dev/stdin and its kin lead; a pipe there is a link to a name that does not exist.
    private const string OpenFiles = "/proc/";

    /// <summary>Opens a file for reading; another process may replace it meanwhile, the reader keeps the old one.</summary>
    /// <exception cref="InrFileException">It is missing, a folder, empty, no regular file, or not readable.</exception>
    public static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (WhyNotRegular(path) is { } reason)
            throw Refuse(path, reason);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refuse(path, "there is no such file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refuse(path, Directory.Exists(path) ? "it is a folder." : e.Message, e);
        }
    }

    /// <summary>Why a path that exists is no regular file with content; null where it is one, where it is a folder, or where nothing is there.</summary>
    /// <remarks>To open a pipe waits for a writer, and a device may have no end. Neither has a length, which can be asked without opening.</remarks>
    public static string? WhyNotRegular(string path)
    {
        var file = new FileInfo(path);
        try
        {
            // The length of a link is that of its text.
            if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;
            bool isOpenPipe = !file.Exists && file.FullName.StartsWith(OpenFiles, StringComparison.Ordinal);
            return isOpenPipe || (file.Exists && file.Length == 0) ? "it is empty, or it is a pipe or a device instead of a regular file." : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // To open it says the same, and what is wrong.
            return null;
        }
    }

    /// <summary>The stream itself, or the rest of it in memory where it cannot seek, such as a download.</summary>
    public static Stream Seekable(Stream stream, string source)
    {
        if (stream.CanSeek)
            return stream;

        var copy = new MemoryStream();
        try
        {
            stream.CopyTo(copy);
        }
        catch (IOException e)
        {
            throw Refuse(source, e.Message, e);
        }

        copy.Position = 0;
        return copy;
    }

    /// <summary>What messages call a stream.</summary>
    public static string NameOf(Stream stream) => stream is FileStream file ? file.Name : "stream";

    /// <summary>The exception that says on one line which file is refused and why.</summary>
    public static InrFileException Refuse(string source, string reason, Exception? innerException = null) =>
        new($"Cannot read '{source}': {reason.ReplaceLineEndings(" ")}", innerException);

    /// <summary>A name that came out of a file, safe to print: no control characters, not longer than a line.</summary>
    public static string Quote(string? name) => name is null ? "(none)" : $"'{Printable(name, LongestQuote)}'";

    /// <summary>A message that may repeat what a file says, safe to print.</summary>
    public static string OneLine(string message) => Printable(message.ReplaceLineEndings(" "), LongestLine);

    private static string Printable(string text, int longest)
    {
        var printed = new StringBuilder();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, longest)))
            printed.Append(char.IsControl(c) ? '?' : c);
        return printed.Append(text.Length > longest ? "..." : "").ToString();
    }
}
