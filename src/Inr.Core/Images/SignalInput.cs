namespace Inr;

/// <summary>Reading files that may be missing, locked, endless or huge.</summary>
internal static class SignalInput
{
    /// <summary>The most bytes that are read from one file or stream.</summary>
    public const int MaxBytes = 1 << 30;

    private const int SmallestBuffer = 1 << 16;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="SignalLoadException">There is no such file, it is empty or no regular file, or it cannot be opened.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path))
            throw new SignalLoadException(path, "it is a folder; name a file.");
        if (Files.InputFile.WhyNotRegular(path) is { } reason)
            throw new SignalLoadException(path, reason);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SignalLoadException(path, "there is no such file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SignalLoadException(path, e.Message, e);
        }
    }

    /// <summary>Reads the rest of a stream.</summary>
    /// <exception cref="SignalLoadException">Reading failed, there is nothing, or there is too much.</exception>
    public static ArraySegment<byte> ReadAll(Stream stream, string source)
    {
        try
        {
            var data = Read(stream, source);
            return data.Count > 0 ? data : throw new SignalLoadException(source, "the file is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SignalLoadException(source, e.Message, e);
        }
    }

    // The length of a file is where to begin, not what to believe: files grow, and some that have no end say 0. One byte
    // more than it says shows the end without room for more.
    private static ArraySegment<byte> Read(Stream stream, string source)
    {
        long expected = stream.CanSeek ? stream.Length - stream.Position : 0;
        if (expected > MaxBytes)
            throw TooLarge(source);
        var data = new byte[expected > 0 ? expected + 1 : SmallestBuffer];
        int length = 0;
        for (int count; (count = stream.Read(data, length, data.Length - length)) > 0;)
        {
            length += count;
            if (length > MaxBytes)
                throw TooLarge(source);
            if (length == data.Length)
                Array.Resize(ref data, (int)Math.Min(2L * length, MaxBytes + 1L));
        }

        return new ArraySegment<byte>(data, 0, length);
    }

    private static SignalLoadException TooLarge(string source) => new(source, $"it has more than {MaxBytes >> 20} MiB.");
}
