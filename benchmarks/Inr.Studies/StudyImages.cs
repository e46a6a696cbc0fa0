namespace Inr.Studies;

/// <summary>Folders of images as meta-learners see them: squares of one size, decoded once.</summary>
internal static class StudyImages
{
    // Several data sets at once, well below the memory of a small machine.
    private const long CacheBytes = 1L << 30;

    /// <summary>Opens a folder: RGB, cropped to the centre and resized.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="size">The side of the squares.</param>
    public static ImageFolder Open(string folder, int size) => ImageFolder.Open(folder, new ImageFolderOptions
    {
        Image = new ImageLoadOptions { Channels = 3, Size = ImageSize.Square(size), CenterCrop = true },
        CacheBytes = CacheBytes,
    });
}
