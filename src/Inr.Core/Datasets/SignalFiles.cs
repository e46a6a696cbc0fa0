namespace Inr;

/// <summary>Files and folders of signals as a data set: images and sounds, each read when asked for.</summary>
public sealed class SignalFiles : ISignalDataset
{
    private SignalFiles(IReadOnlyList<SignalFile> files) => Files = files;

    /// <summary>The files, in order.</summary>
    public IReadOnlyList<SignalFile> Files { get; }

    /// <inheritdoc/>
    public int Count => Files.Count;

    /// <summary>Collects files: those that are named, as they are, and the signals of folders by name.</summary>
    /// <param name="paths">Files and folders; a file that is named twice counts once.</param>
    /// <exception cref="SignalLoadException">A folder cannot be listed or holds no signal.</exception>
    public static SignalFiles Open(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return new SignalFiles([.. paths.SelectMany(path => Directory.Exists(path) ? ListFolder(path) : [path]).Distinct().Select(path => new SignalFile(path))]);
    }

    /// <inheritdoc/>
    public string GetName(int index) => Files[index].Name;

    /// <inheritdoc/>
    public Signal Load(int index) => Files[index].Load();

    private static string[] ListFolder(string folder)
    {
        try
        {
            string[] files = [.. Directory.EnumerateFiles(folder).Where(SignalFile.IsSignal).Order(StringComparer.Ordinal)];
            return files.Length > 0 ? files : throw new SignalLoadException(folder, "the folder holds no .png, .jpg, .jpeg or .wav file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SignalLoadException(folder, e.Message, e);
        }
    }
}
