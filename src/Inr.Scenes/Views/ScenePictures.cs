using Inr.Files;

namespace Inr.Scenes;

/// <summary>Finds and reads the pictures that a file of poses names.</summary>
internal static class ScenePictures
{
    // Tried where a name has no file of its own, as in the synthetic NeRF scenes.
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif"];

    // Poses and intrinsics are those of the pixels as they are stored, whichever way up a viewer shows them.
    private static readonly ImageLoadOptions Stored = new() { KeepStoredOrientation = true };

    /// <summary>The file of a picture. Names come with and without an extension, with slashes of either kind, and a hostile one must not leave the folder.</summary>
    /// <exception cref="SignalLoadException">The name is no path, leaves the folder, or names no file.</exception>
    public static string Find(string folder, string name)
    {
        if (name.Length == 0 || name.Any(char.IsControl))
            throw new SignalLoadException(InputFile.OneLine(name), "it is no path of a picture.");
        string root = Path.GetFullPath(folder + Path.DirectorySeparatorChar);
        string path;
        try
        {
            path = Path.GetFullPath(Path.Combine(root, name.Replace('\\', '/')));
        }
        catch (Exception e) when (e is ArgumentException or IOException or NotSupportedException)
        {
            throw new SignalLoadException(InputFile.OneLine(name), "it is no path of a picture.", e);
        }

        if (!path.StartsWith(root, StringComparison.Ordinal))
            throw new SignalLoadException(InputFile.OneLine(name), "it lies outside the folder of the scene. Paths are relative to the file of poses; move the pictures there.");
        if (File.Exists(path))
            return path;
        string[] candidates = [.. Extensions.SelectMany(e => (string[])[path + e, path + e.ToUpperInvariant()])];
        // What is nowhere keeps its name in the message, or the one that the synthetic scenes mean.
        return Array.Find(candidates, File.Exists)
            ?? throw new SignalLoadException(InputFile.OneLine(Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? path : candidates[0]), "there is no such file.");
    }

    /// <summary>The same; null where there is none.</summary>
    public static string? FindOrNull(string folder, string name)
    {
        try
        {
            return Find(folder, name);
        }
        catch (SignalLoadException)
        {
            return null;
        }
    }

    /// <summary>Reads a picture.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="resize">Gives the size to resize to from that of the file.</param>
    /// <returns>Colors over white [H,W,3], alpha [H,W] in [0,1], the size in the file, and how the file stores its samples; the caller's scope owns the tensors.</returns>
    /// <exception cref="SignalLoadException">It cannot be read.</exception>
    public static (Tensor Image, Tensor Opacity, ImageSize Size, SampleFormat? Format) Load(string path, Func<ImageSize, ImageSize> resize)
    {
        using var whole = ImageSignal.Load(path, Stored with { Channels = 4 });
        var size = new ImageSize(whole.Height(), whole.Width());
        var target = resize(size);
        var options = Stored with { Channels = 3, Size = target == size ? null : target };
        // Color over white and alpha are resized apart: colors beneath transparent pixels mean nothing.
        using var image = ImageSignal.Load(path, options);
        using var colors = image.Values.reshape(target.Height, target.Width, 3);
        return (colors.clone(), Alpha(path, whole, target == size ? null : target), size, whole.Format);
    }

    /// <summary>The size of a picture.</summary>
    /// <exception cref="SignalLoadException">It cannot be read.</exception>
    public static ImageSize SizeOf(string path)
    {
        using var picture = ImageSignal.Load(path, Stored);
        return new ImageSize(picture.Height(), picture.Width());
    }

    private static Tensor Alpha(string path, Signal whole, ImageSize? target)
    {
        using var scope = NewDisposeScope();
        bool opaque = whole.Values.select(-1, 3).ge(1).all().item<bool>();
        var size = target ?? new ImageSize(whole.Height(), whole.Width());
        if (opaque)
            return ones([size.Height, size.Width]).MoveToOuterDisposeScope();
        using var resized = target is null ? null : ImageSignal.Load(path, Stored with { Channels = 4, Size = size });
        return (resized ?? whole).Values.select(-1, 3).reshape(size.Height, size.Width).clamp(0, 1).MoveToOuterDisposeScope();
    }
}
