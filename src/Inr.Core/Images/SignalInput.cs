namespace Inr;

/// <summary>Reading files that may be missing, locked, endless or huge.</summary>
internal static class SignalInput
{
    /// <summary>The most bytes that are read from one file or stream.</summary>
    public const int MaxBytes = 1 << 30;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="SignalLoadException">There is no such file, or it cannot be opened.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path))
            throw new SignalLoadException(path, "it is a folder; name a file.");
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
    public static byte[] ReadAll(Stream stream, string source)
    {
        var result = new MemoryStream();
        var buffer = new byte[1 << 16];
        try
        {
            for (int count; (count = stream.Read(buffer)) > 0;)
            {
                if (result.Length + count > MaxBytes)
                    throw new SignalLoadException(source, $"it has more than {MaxBytes >> 20} MiB.");
                result.Write(buffer, 0, count);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SignalLoadException(source, e.Message, e);
        }

        if (result.Length == 0)
            throw new SignalLoadException(source, "the file is empty.");
        return result.ToArray();
    }
}
