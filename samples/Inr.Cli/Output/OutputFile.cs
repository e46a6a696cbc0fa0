using Inr.Cli.Runtime;
using Inr.Files;

namespace Inr.Cli.Output;

/// <summary>Checks the places where results go, before any work starts.</summary>
internal static class OutputFile
{
    // Where devices and open files of a process are; what is in the last is memory that behaves as a disk.
    private static readonly string[] Special = ["/dev/", "/proc/", "/sys/"];
    private const string SharedMemory = "/dev/shm/";

    /// <summary>Requires that a file can be written; nothing is left behind and an existing file stays as it is.</summary>
    /// <param name="option">The option that named the file.</param>
    /// <param name="path">The file; null where the option was not given.</param>
    /// <param name="kind">What it will hold.</param>
    public static void Check(string option, string? path, FileKind kind)
    {
        if (path is not null && !kind.Fits(path))
            throw CliException.BadUsage($"{option} is {InputFile.Quote(path)}, but it writes {kind.Name}.");
        Check(option, path);
    }

    /// <summary>Requires that a file can be written; nothing is left behind and an existing file stays as it is.</summary>
    /// <param name="option">The option that named the file.</param>
    /// <param name="path">The file; null where the option was not given.</param>
    /// <param name="extensions">The endings that the content has; any where none is given.</param>
    public static void Check(string option, string? path, params string[] extensions)
    {
        if (path is null)
            return;
        if (string.IsNullOrWhiteSpace(path))
            throw CliException.BadUsage($"{option} names no file.");
        if (path == JsonOutput.Standard)
            throw CliException.BadUsage($"{option} is '-', which stands for the standard output with {CommonOptions.Json.Name} alone; name a file.");
        string full = FullPath(option, path);
        string folder = Path.GetDirectoryName(full) ?? full;
        if (Directory.Exists(full) || Path.GetFileName(full).Length == 0)
            throw Refuse(option, path, "it is a folder; name a file.");
        // Before the ending is judged: /dev/stdout has none.
        if (IsSpecial(full))
            throw Refuse(option, path, $"it is a device or a pipe; name a regular file{(option == CommonOptions.Json.Name ? $", or {JsonOutput.Standard} for the standard output" : "")}.");
        if (extensions.Length > 0 && !extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            throw CliException.BadUsage($"{option} is {InputFile.Quote(path)}, but it writes {string.Join(" or ", extensions)} files.");
        if (!Directory.Exists(folder))
            throw Refuse(option, path, $"the folder {InputFile.Quote(folder)} does not exist; create it first.");
        if (File.Exists(full) && File.GetAttributes(full).HasFlag(FileAttributes.ReadOnly))
            throw Refuse(option, path, "the file is read-only.");
        RequireWritable(option, path, folder);
    }

    /// <summary>Requires that no two of the files are one, and that none is the input, whatever links lead there.</summary>
    /// <param name="input">The file that is read.</param>
    /// <param name="outputs">The options and the files that they name; null where not given.</param>
    public static void RequireDistinct(string input, params (string Option, string? Path)[] outputs)
    {
        if (string.IsNullOrWhiteSpace(input))
            throw CliException.BadUsage("The input names no file.");
        var seen = new Dictionary<string, string>(RealPath.Comparer) { [Real(input)] = "the input" };
        foreach (var (option, path) in outputs)
        {
            if (path is not null && !seen.TryAdd(Real(path), option))
                throw CliException.BadUsage($"{option} names the same file as {seen[Real(path)]}: {InputFile.Quote(path)}.");
        }

    }

    /// <summary>Requires that no result overwrites a file that is read.</summary>
    /// <param name="inputs">The files that are read, as full paths.</param>
    /// <param name="outputs">The options and the files that they name; null where not given.</param>
    public static void RequireOutside(IReadOnlyList<string> inputs, params (string Option, string? Path)[] outputs)
    {
        if (!outputs.Any(o => o.Path is not null && File.Exists(o.Path)))
            return;
        var read = inputs.Select(Real).ToHashSet(RealPath.Comparer);
        foreach (var (option, path) in outputs)
        {
            if (path is not null && read.Contains(Real(path)))
                throw CliException.BadUsage($"{option} names a file of the scene that is read: {InputFile.Quote(path)}.");
        }
    }

    // A link to the input is the input.
    private static string Real(string path)
    {
        try
        {
            return RealPath.Of(path);
        }
        catch (IOException e)
        {
            throw CliException.Failed($"{InputFile.Quote(path)}: {e.Message}");
        }
    }

    /// <summary>Creates a folder for results where there is none, and requires that files can be written there.</summary>
    public static void CheckFolder(string option, string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw CliException.BadUsage($"{option} names no folder.");
        if (File.Exists(path))
            throw Refuse(option, path, "it is a file; name a folder.");
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refuse(option, path, e.Message);
        }

        RequireWritable(option, path, path);
    }

    /// <summary>Whether files can be written to a folder.</summary>
    public static bool IsWritable(string folder)
    {
        try
        {
            using var probe = Probe(folder);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string FullPath(string option, string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (ArgumentException)
        {
            throw CliException.BadUsage($"{option} is {InputFile.Quote(path)}, which is no path.");
        }
    }

    private static bool IsSpecial(string full)
    {
        string target = full;
        try
        {
            target = File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
            if (IsUnderSpecial(full) || IsUnderSpecial(target))
                return true;
            // A pipe has no length. To open it for both ways does not wait for the other end, and shows that it has no places.
            if (!File.Exists(target) || new FileInfo(target).Length > 0)
                return false;
            using var stream = new FileStream(target, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1);
            return !stream.CanSeek;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // The checks that follow say what is wrong with a file; a socket cannot be opened.
            return File.Exists(target) && !File.GetAttributes(target).HasFlag(FileAttributes.ReadOnly) && e is IOException;
        }
    }

    private static bool IsUnderSpecial(string path) =>
        !OperatingSystem.IsWindows() && Special.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)) && !path.StartsWith(SharedMemory, StringComparison.Ordinal);

    private static void RequireWritable(string option, string path, string folder)
    {
        try
        {
            using var probe = Probe(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refuse(option, path, $"no file can be created in the folder {InputFile.Quote(folder)}.");
        }
    }

    private static FileStream Probe(string folder) =>
        new(Path.Combine(folder, $".inr-{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);

    private static CliException Refuse(string option, string path, string reason) => CliException.Failed($"{option}: cannot write {InputFile.Quote(path)}: {reason}");
}
