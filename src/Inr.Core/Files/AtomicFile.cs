namespace Inr.Files;

/// <summary>Writes a file so that a reader only ever finds the old one or the complete new one.</summary>
/// <remarks>
/// The bytes go to a temporary file in the same folder, are flushed to the disk, and the file is renamed over the old
/// one. A failure, a cancellation or a crash leaves the old file as it was.
/// </remarks>
public static class AtomicFile
{
    private const int BufferBytes = 1 << 16;
    private const string TemporaryStart = ".inr-";
    private const string TemporaryEnd = ".tmp";
    private const int MostFolders = 256;

    private static readonly TimeSpan CleaningPause = TimeSpan.FromMinutes(1);
    // Between its creation and its lock, and between its last byte and its new name, a file of a live writer is not locked.
    private static readonly TimeSpan Unlocked = TimeSpan.FromSeconds(1);
    private static readonly Dictionary<string, long> Cleaned = new(RealPath.Comparer);

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; its folder must exist. A symbolic link is followed.</param>
    /// <param name="write">Writes the content; an exception it throws leaves the old file in place and passes through.</param>
    /// <exception cref="InrFileException">The folder does not exist, nothing may be written there, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string? temporary = null;
        try
        {
            string target = RealPath.Of(path);
            RequireWritable(path, target);
            RemoveLeftovers(Path.GetDirectoryName(target)!);
            // Not derived from the file's name: that may already be as long as the file system allows.
            string candidate = Path.Combine(Path.GetDirectoryName(target)!, $"{TemporaryStart}{Guid.NewGuid():N}{TemporaryEnd}");
            using (var stream = new FileStream(candidate, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes))
            {
                temporary = candidate;
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
            temporary = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refuse(path, e.Message, e);
        }
        finally
        {
            if (temporary is not null)
                Remove(temporary);
        }
    }

    private static void RequireWritable(string path, string target)
    {
        string? folder = Path.GetDirectoryName(target);
        if (folder is null || Directory.Exists(target))
            throw Refuse(path, "it is a folder.");
        if (!Directory.Exists(folder))
            throw Refuse(path, $"the folder '{folder}' does not exist; create it first.");
        // A rename would replace /dev/null itself.
        if (folder == "/dev")
            throw Refuse(path, "it is a device; name a regular file.");
        // A rename asks the folder for permission, not the file, and would replace a file that its owner protected.
        if (File.Exists(target) && File.GetAttributes(target).HasFlag(FileAttributes.ReadOnly))
            throw Refuse(path, "the file is read-only.");
    }

    /// <summary>Removes what writers left that were killed: temporary files that no process has locked.</summary>
    /// <remarks>A folder is looked through once in a while only, as it may be large.</remarks>
    private static void RemoveLeftovers(string folder)
    {
        long now = Environment.TickCount64;
        lock (Cleaned)
        {
            if (Cleaned.TryGetValue(folder, out long before) && now - before < CleaningPause.TotalMilliseconds)
                return;
            if (Cleaned.Count >= MostFolders)
                Cleaned.Clear();
            Cleaned[folder] = now;
        }

        try
        {
            foreach (string file in Directory.EnumerateFiles(folder, $"{TemporaryStart}*{TemporaryEnd}"))
            {
                if (IsTemporary(Path.GetFileName(file)) && DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > Unlocked)
                    RemoveUnlocked(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be listed may still be written to.
        }
    }

    private static bool IsTemporary(string name) =>
        name.Length == TemporaryStart.Length + 32 + TemporaryEnd.Length && name.Substring(TemporaryStart.Length, 32).All(char.IsAsciiHexDigitLower);

    private static void RemoveUnlocked(string file)
    {
        try
        {
            // A live writer holds the file, so that this throws.
            using (new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1))
            {
            }

            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It belongs to somebody.
        }
    }

    private static InrFileException Refuse(string path, string reason, Exception? innerException = null) =>
        new($"Cannot write '{path}': {reason}", innerException);

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What made the write fail matters to the caller; that the leftover cannot be removed does not.
        }
    }
}
