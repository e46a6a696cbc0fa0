namespace Inr;

/// <summary>What happens to an image between its file and its signal.</summary>
public sealed record ImageLoadOptions
{
    /// <summary>The default of <see cref="MaxPixels"/>: 2^26, such as 8192×8192.</summary>
    public const long DefaultMaxPixels = 1L << 26;

    /// <summary>The channels of the signal: 1 (grey), 3 (RGB) or 4 (RGBA).</summary>
    /// <value>
    /// The default, <see langword="null"/>, keeps those of the file; grey with alpha becomes RGBA. Dropping alpha
    /// composites over white; adding it adds 1. Grey is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
    /// </value>
    public int? Channels { get; init; }

    /// <summary>The size to resize to.</summary>
    /// <value>The default, <see langword="null"/>, keeps the size of the file.</value>
    public ImageSize? Size { get; init; }

    /// <summary>Whether to keep the centre of the image rather than all of it.</summary>
    /// <value>
    /// The default is <see langword="false"/>: a <see cref="Size"/> of another aspect ratio stretches the image. If
    /// <see langword="true"/>, the image is resized to just cover <see cref="Size"/> and the overhang is cut off evenly;
    /// without a <see cref="Size"/> the largest centred square is kept.
    /// </value>
    public bool CenterCrop { get; init; }

    /// <summary>How pixels are weighed when resizing.</summary>
    /// <value>The default is <see cref="ResizeFilter.Bicubic"/>.</value>
    public ResizeFilter Filter { get; init; } = ResizeFilter.Bicubic;

    /// <summary>Whether pixels stay as the file stores them, where its EXIF data say that they are to be shown turned or mirrored.</summary>
    /// <value>The default is <see langword="false"/>: a photo is read the way up that viewers show it. Size and crop come after that.</value>
    public bool KeepStoredOrientation { get; init; }

    /// <summary>The number of pixels above which a file is refused before it is decoded.</summary>
    /// <value>The default is <see cref="DefaultMaxPixels"/>.</value>
    public long MaxPixels { get; init; } = DefaultMaxPixels;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it, its value and the range.</exception>
    internal void Validate()
    {
        if (Channels is not (null or 1 or 3 or 4))
            throw new ArgumentException($"{nameof(Channels)} is {Channels}; allowed are 1 (grey), 3 (RGB), 4 (RGBA) and null (as in the file).", nameof(Channels));
        if (Size is { } size && (size.Height < 1 || size.Width < 1 || size.PixelCount > MaxPixels))
            throw new ArgumentException($"{nameof(Size)} is {size}; both sides must be at least 1 and the image at most {nameof(MaxPixels)} = {MaxPixels} pixels.", nameof(Size));
        if (!Enum.IsDefined(Filter))
            throw new ArgumentException($"{nameof(Filter)} is {(int)Filter}; allowed are {string.Join(", ", Enum.GetNames<ResizeFilter>())}.", nameof(Filter));
        // Four channels of the largest image still fit one array.
        if (MaxPixels is < 1 or > 1L << 28)
            throw new ArgumentException($"{nameof(MaxPixels)} is {MaxPixels}; allowed are 1 to 2^28.", nameof(MaxPixels));
    }
}
