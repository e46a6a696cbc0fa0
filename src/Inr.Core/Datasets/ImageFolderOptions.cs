namespace Inr;

/// <summary>Which images of a folder to read, and how.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>What happens to each image between its file and its signal, such as resize and centre crop.</summary>
    /// <value>The default keeps size and channels of the files.</value>
    public ImageLoadOptions Image { get; init; } = new();

    /// <summary>Whether to read subfolders too, such as those of classes; links that lead back are followed once.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Recursive { get; init; }

    /// <summary>How many bytes of decoded images to keep in memory, so that later passes need not decode them again.</summary>
    /// <value>The default is 0: nothing is kept. An image takes 4 bytes per value.</value>
    public long CacheBytes { get; init; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it, its value and the range.</exception>
    internal void Validate()
    {
        if (Image is null)
            throw new ArgumentException($"{nameof(Image)} is null; leave its default to keep images as they are.", nameof(Image));
        if (CacheBytes < 0)
            throw new ArgumentException($"{nameof(CacheBytes)} is {CacheBytes}; allowed are 0 (off) and more.", nameof(CacheBytes));
        Image.Validate();
    }
}
