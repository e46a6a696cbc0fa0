namespace Inr.Cli.Signals;

/// <summary>A file that holds a signal; its ending tells which kind.</summary>
/// <param name="Path">The file.</param>
internal sealed record SignalFile(string Path)
{
    private static readonly string[] ImageEndings = [".png", ".jpg", ".jpeg"];
    private static readonly string[] AudioEndings = [".wav"];

    /// <summary>The name that reports use.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Whether the ending is that of a sound.</summary>
    public bool IsAudio => HasEnding(Path, AudioEndings);

    /// <summary>Reads the signal.</summary>
    /// <exception cref="SignalLoadException">It is missing, damaged, or of no known kind.</exception>
    public Signal Load() => Load(out _);

    /// <summary>Reads the signal.</summary>
    /// <param name="sampleRate">Moments per second of a sound; 0 otherwise.</param>
    /// <exception cref="SignalLoadException">It is missing, damaged, or of no known kind.</exception>
    public Signal Load(out int sampleRate)
    {
        sampleRate = 0;
        return IsAudio ? AudioSignal.Load(Path, out sampleRate) : ImageSignal.Load(Path);
    }

    /// <summary>The files of several paths: files as they are, and the signals of folders in a fixed order.</summary>
    /// <exception cref="SignalLoadException">A folder cannot be listed or holds no signal.</exception>
    public static IReadOnlyList<SignalFile> Expand(IEnumerable<string> paths) =>
        [.. paths.SelectMany(path => Directory.Exists(path) ? ListFolder(path) : [path]).Distinct().Select(path => new SignalFile(path))];

    private static string[] ListFolder(string folder)
    {
        try
        {
            string[] files = [.. Directory.EnumerateFiles(folder).Where(IsSignal).Order(StringComparer.Ordinal)];
            return files.Length > 0 ? files : throw new SignalLoadException(folder, "the folder holds no .png, .jpg, .jpeg or .wav file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SignalLoadException(folder, e.Message, e);
        }
    }

    private static bool IsSignal(string path) =>
        !System.IO.Path.GetFileName(path).StartsWith('.') && (HasEnding(path, ImageEndings) || HasEnding(path, AudioEndings));

    private static bool HasEnding(string path, string[] endings) =>
        endings.Contains(System.IO.Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
