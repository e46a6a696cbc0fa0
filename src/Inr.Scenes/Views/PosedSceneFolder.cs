using Inr.Files;
using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>A folder of scenes, one folder each, with <c>transforms.json</c> (or <c>transforms_train.json</c>) beside its pictures; scenes are loaded when asked for.</summary>
/// <remarks>
/// The layout of rendered ShapeNet objects for meta-learning (Tancik et al.: Learned Initializations, CVPR 2021): RGBA
/// pictures over white, a pose for each, and a file that splits the objects into parts. The order is that of the names by
/// code point, or of the split file.
/// </remarks>
public sealed class PosedSceneFolder : ISignalDataset
{
    private const int NamedParts = 8;

    private static readonly string[] PoseFiles = ["transforms.json", "transforms_train.json"];

    private readonly string _folder;
    private readonly string[] _names;
    private readonly PosedSceneFolderOptions _options;

    private PosedSceneFolder(string folder, string[] names, PosedSceneFolderOptions options)
    {
        _folder = folder;
        _names = names;
        _options = options;
    }

    /// <inheritdoc/>
    public int Count => _names.Length;

    /// <summary>Lists the scenes of a folder without loading any.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Size, views and part.</param>
    /// <exception cref="SignalLoadException">There is no such folder, it holds no scene, or the split file is missing, damaged or lacks the part.</exception>
    public static PosedSceneFolder Open(string folder, PosedSceneFolderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new PosedSceneFolderOptions();
        if (options.Size is { } size)
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(options));
        if (options.Views is { } views)
            ArgumentOutOfRangeException.ThrowIfLessThan(views, 1, nameof(options));
        if (!Directory.Exists(folder))
            throw new SignalLoadException(folder, "there is no such folder.");
        string[] names = options.SplitFile is { } file ? ReadSplit(file, options.Split) : List(folder);
        return names.Length > 0
            ? new PosedSceneFolder(folder, names, options)
            : throw new SignalLoadException(folder, $"no folder in it holds a scene: {string.Join(" or ", PoseFiles)} beside pictures.");
    }

    /// <inheritdoc/>
    public string GetName(int index) => _names[index];

    /// <summary>Loads a scene as <see cref="SceneSignal"/> makes it. The caller owns it.</summary>
    /// <exception cref="SignalLoadException">Poses or pictures cannot be read, or there are too few views; other scenes still can.</exception>
    public Signal Load(int index)
    {
        string name = _names[index];
        string folder = Path.Combine(_folder, name);
        string path = Array.Find([.. PoseFiles.Select(f => Path.Combine(folder, f))], File.Exists)
            ?? throw new SignalLoadException(name, $"its folder holds neither {string.Join(" nor ", PoseFiles)}.");
        using var scene = NerfScene.LoadFile(folder, path, _options.Size, _options.Views);
        if (scene.Count < _options.Views)
            throw new SignalLoadException(name, $"it has {scene.Count} views that can be read; {_options.Views} are needed.{(scene.Skipped.Count > 0 ? $" The first that cannot: '{scene.Skipped[0].Name}': {scene.Skipped[0].Reason}" : "")}");
        if (scene.Views.Height != scene.Views.Width)
            throw new SignalLoadException(name, $"its pictures have {scene.Views.Width}×{scene.Views.Height} pixels; they must be square, or Size must say to what they are resized.");
        return SceneSignal.Of(scene.Views, 0, name);
    }

    private static string[] List(string folder)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(folder)
                .Where(d => PoseFiles.Any(f => File.Exists(Path.Combine(d, f))))
                .Select(d => Path.GetFileName(d)!)
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SignalLoadException(folder, e.Message, e);
        }
    }

    private static string[] ReadSplit(string path, string split)
    {
        var file = JsonFields.Open(path);
        var names = file.Texts(split)
            ?? throw file.Refuse($"it has no part {InputFile.Quote(split)}; it has {string.Join(", ", file.Names.Take(NamedParts).Select(InputFile.OneLine))}.");
        // A hostile name must not leave the folder.
        return names.FirstOrDefault(n => n is "" or "." or ".." || n != Path.GetFileName(n) || n.Any(char.IsControl)) is { } bad
            ? throw file.Refuse($"its part {InputFile.Quote(split)} names {InputFile.Quote(bad)}, which is no name of a folder.")
            : [.. names];
    }
}
