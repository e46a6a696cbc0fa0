using Inr.Cli.Output;
using Inr.Files;

namespace Inr.Cli.Learners;

/// <summary>Folders of images as meta-learners see them: squares of one size, decoded once.</summary>
internal static class MetaImages
{
    // Twice over for training and held-out images, well below the memory of a small machine.
    private const long CacheBytes = 1L << 30;

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="size">The side of the squares.</param>
    /// <param name="channels">1, 3 or 4.</param>
    /// <param name="recursive">Whether to take the images of subfolders too.</param>
    /// <param name="terminal">Told what is left out.</param>
    public static ISignalDataset Open(string folder, int size, int channels, bool recursive, Terminal terminal)
    {
        var images = ImageFolder.Open(folder, new ImageFolderOptions { Image = Square(size, channels), CacheBytes = CacheBytes, Recursive = recursive });
        if (images.SkippedText.Length > 0)
            terminal.WriteLine($"{Text.Count(images.Count, "image")} of {InputFile.Quote(folder)}; left out: {images.SkippedText}{(!recursive && images.Skipped.Any(s => s.Reason == SkipReason.Subfolder) ? " (--recursive takes them)" : "")}");
        return images;
    }

    /// <summary>How an image becomes a square: the centre is cropped, then resized.</summary>
    public static ImageLoadOptions Square(int size, int? channels) => new() { Channels = channels, Size = new ImageSize(size, size), CenterCrop = true };
}
