using System.Collections.Concurrent;

namespace Inr;

/// <summary>The PNG and JPEG images of a folder, decoded when asked for.</summary>
/// <remarks>
/// The order is that of the paths relative to the folder, compared by code point: the same on every machine. Files are
/// chosen by extension (png, jpg, jpeg in any case); hidden ones are left out, and a file that several links lead to counts
/// once (<see cref="FileListing"/>). Several threads may load at once.
/// </remarks>
public sealed class ImageFolder : ISignalDataset
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];

    private readonly string[] _names;
    private readonly ImageLoadOptions _imageOptions;
    private readonly long _cacheBytes;
    private readonly ConcurrentDictionary<int, (ImageSize Size, int Channels, SampleFormat? Format, float[] Values)> _cache = new();
    private long _cachedBytes;

    private ImageFolder(string folder, FileListing listing, ImageFolderOptions options)
    {
        Folder = folder;
        Skipped = listing.Skipped;
        SkippedText = listing.DescribeSkipped();
        _names = [.. listing.Files.Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))];
        _imageOptions = options.Image;
        _cacheBytes = options.CacheBytes;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>What the folder holds besides: files of other kinds, hidden ones, subfolders where they are not read, and what links lead to a second time.</summary>
    public IReadOnlyList<SkippedFile> Skipped { get; }

    /// <summary>How much was left out and why, on one line; empty where nothing was.</summary>
    public string SkippedText { get; }

    /// <inheritdoc/>
    public int Count => _names.Length;

    /// <summary>Lists the images of a folder without decoding any.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Subfolders, size, crop, channels and cache.</param>
    /// <exception cref="SignalLoadException">There is no such folder, it cannot be listed, or it holds no image.</exception>
    /// <exception cref="ArgumentException">The path is empty, or an option is out of range.</exception>
    public static ImageFolder Open(string folder, ImageFolderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new ImageFolderOptions();
        options.Validate();
        if (!Directory.Exists(folder))
            throw new SignalLoadException(folder, File.Exists(folder) ? "it is a file; name a folder." : "there is no such folder.");

        var listing = FileListing.List([folder], Extensions, options.Recursive);
        return listing.Files.Count > 0
            ? new ImageFolder(folder, listing, options)
            : throw new SignalLoadException(folder, $"the folder holds no .png, .jpg or .jpeg file{(options.Recursive ? "" : $" (subfolders are left out; see {nameof(ImageFolderOptions)}.{nameof(ImageFolderOptions.Recursive)})")}.{(listing.Skipped.Count > 0 ? $" It holds: {listing.DescribeSkipped()}." : "")}");
    }

    /// <summary>The path of an image relative to the folder, with forward slashes.</summary>
    public string GetName(int index) => _names[index];

    /// <inheritdoc/>
    public Signal Load(int index)
    {
        string name = _names[index];
        if (_cache.TryGetValue(index, out var cached))
            return new PixelBuffer(cached.Size, cached.Channels, cached.Values) { Format = cached.Format }.ToSignal(name);

        string path = Path.Combine(Folder, name);
        using var stream = SignalInput.Open(path);
        var image = ImageReader.Read(stream, path, _imageOptions);
        Keep(index, image);
        return image.ToSignal(name);
    }

    // Nothing is ever evicted: where passes run over more images than fit, the first ones stay and save their share of
    // the decoding, while replacing the oldest would evict each image just before its turn.
    private void Keep(int index, PixelBuffer image)
    {
        long bytes = sizeof(float) * (long)image.Values.Length;
        if (Interlocked.Add(ref _cachedBytes, bytes) > _cacheBytes || !_cache.TryAdd(index, (image.Size, image.Channels, image.Format, image.Values.ToArray())))
            Interlocked.Add(ref _cachedBytes, -bytes);
    }
}
