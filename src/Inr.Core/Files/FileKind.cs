namespace Inr.Files;

/// <summary>What a file holds, and the endings that its name may have: a name that promises another format misleads who opens it.</summary>
public sealed class FileKind
{
    // What programs go by. An ending that is not here promises nothing, and fits everything.
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".avif",
        ".wav", ".flac", ".mp3", ".ogg",
        ".json", ".csv", ".txt", ".html", ".md", ".py", ".cs", ".zip",
        ".npy", ".npz", ".pth", ".pt", ".ckpt", ".safetensors", ".inr", ".learner", ".checkpoint",
    };

    /// <summary>A kind of your own.</summary>
    /// <param name="name">What it is, as messages say it, such as "a table (.csv)".</param>
    /// <param name="endings">The well-known endings that it may have, with their dots.</param>
    public FileKind(string name, params string[] endings)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(endings);
        Name = name;
        Endings = [.. endings];
    }

    /// <summary>A representation, as <see cref="ImplicitRepresentation.Save(string)"/> writes it.</summary>
    public static FileKind Representation { get; } = new("a representation (.inr)", ".inr", ".safetensors");

    /// <summary>Named tensors, as <see cref="Files.SafeTensors"/> writes them; representations, learners and checkpoints are such files.</summary>
    public static FileKind SafeTensors { get; } = new("tensors (.safetensors)", ".safetensors", ".inr", ".learner", ".checkpoint", ".ckpt");

    /// <summary>An array for NumPy.</summary>
    public static FileKind Npy { get; } = new("an array (.npy)", ".npy");

    /// <summary>An archive of arrays for NumPy.</summary>
    public static FileKind Npz { get; } = new("arrays (.npz)", ".npz", ".zip");

    /// <summary>Results for programs.</summary>
    public static FileKind Json { get; } = new("JSON (.json)", ".json", ".txt");

    /// <summary>A table.</summary>
    public static FileKind Csv { get; } = new("a table (.csv)", ".csv", ".txt");

    /// <summary>What it is, as messages say it.</summary>
    public string Name { get; }

    /// <summary>The well-known endings that it may have.</summary>
    public IReadOnlyList<string> Endings { get; }

    /// <summary>Whether a file of this kind may have this name. Endings that nobody knows are fine, and so is none.</summary>
    /// <param name="path">The file.</param>
    public bool Fits(string path)
    {
        string ending = Path.GetExtension(path);
        return !Known.Contains(ending) || Endings.Contains(ending, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Requires a name that does not promise another format.</summary>
    /// <param name="path">The file to write.</param>
    /// <exception cref="ArgumentException">It is empty, or its ending is that of another format.</exception>
    public void Require(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Fits(path))
            throw new ArgumentException($"'{path}' ends in '{Path.GetExtension(path)}', but the file would be {Name}. Name it otherwise, or write to a stream.", nameof(path));
    }
}
