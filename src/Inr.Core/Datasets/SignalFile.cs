namespace Inr;

/// <summary>A file that holds a signal: an image (.png, .jpg, .jpeg) or a sound (.wav); its ending tells which.</summary>
/// <param name="Path">The file.</param>
public sealed record SignalFile(string Path)
{
    private static readonly string[] ImageEndings = [".png", ".jpg", ".jpeg"];
    private static readonly string[] AudioEndings = [".wav"];

    /// <summary>The endings of signals.</summary>
    internal static readonly string[] Endings = [.. ImageEndings, .. AudioEndings];

    /// <summary>What reports call the signal.</summary>
    /// <value>The default is the name of the file, without its folder.</value>
    public string Name { get; init; } = System.IO.Path.GetFileName(Path);

    /// <summary>Whether the pixels of an image stay as the file stores them, whatever its EXIF data say.</summary>
    public bool KeepStoredOrientation { get; init; }

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
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        sampleRate = 0;
        return IsAudio ? AudioSignal.Load(Path, Name, out sampleRate) : ImageSignal.Load(Path, Name, new ImageLoadOptions { KeepStoredOrientation = KeepStoredOrientation });
    }

    private static bool HasEnding(string path, string[] endings) =>
        endings.Contains(System.IO.Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
