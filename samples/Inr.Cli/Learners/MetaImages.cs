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
    public static ISignalDataset Open(string folder, int size, int channels) => ImageFolder.Open(folder, new ImageFolderOptions
    {
        Image = new ImageLoadOptions { Channels = channels, Size = new ImageSize(size, size), CenterCrop = true },
        CacheBytes = CacheBytes,
    });
}
