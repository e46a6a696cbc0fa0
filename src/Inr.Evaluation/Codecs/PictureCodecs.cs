namespace Inr.Evaluation;

/// <summary>PNG and JPEG files of a picture: without loss, at fixed qualities, and at the sizes of given representations.</summary>
/// <remarks>Of pictures of 1 to 4 channels on a grid. A JPEG has no opacity, and a PNG 8 or 16 bits: what they cannot hold has no row.</remarks>
internal static class PictureCodecs
{
    /// <summary>The name of PNG in reports.</summary>
    public const string Png = "png";

    /// <summary>The name of JPEG in reports.</summary>
    public const string Jpeg = "jpeg";

    private const int MostChannels = 4;

    // What a curve needs: dense where photographs are stored.
    private static readonly int[] Qualities = [10, 25, 50, 75, 90, 95, 98, 100];

    /// <summary>Whether a signal is a picture that an image codec takes.</summary>
    public static bool Take(Signal signal) => signal.Domain.GridShape.Count == 2 && signal.Channels is >= 1 and <= MostChannels;

    /// <summary>All files of a picture.</summary>
    /// <param name="signal">The picture.</param>
    /// <param name="wanted">Sizes in bytes to come near to, by the name of who has that size.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OperationCanceledException">The caller ended it.</exception>
    public static IReadOnlyList<CodecFit> Measure(Signal signal, IReadOnlyDictionary<string, long> wanted, CancellationToken cancellation)
    {
        if (!Take(signal))
            return [];
        var found = new List<CodecFit>();
        if (PngFile.Encode(signal) is { } png)
            found.Add(Describe(signal, Png, png, double.PositiveInfinity, 1));
        if (!JpegFiles.Take(signal))
            return found;
        var files = new JpegFiles(signal, cancellation);
        found.AddRange(Qualities.Select(quality => Describe(signal, files, files.Usual(quality))));
        found.AddRange(wanted.Select(size => Describe(signal, files, files.Nearest(size.Value)) with { Matched = size.Key, Wanted = size.Value }));
        return found;
    }

    private static CodecFit Describe(Signal signal, JpegFiles files, JpegChoice choice)
    {
        var (file, metrics) = files.Judge(choice);
        return Describe(signal, Jpeg, file, metrics.Psnr, metrics.Ssim) with { Quality = choice.Quality };
    }

    private static CodecFit Describe(Signal signal, string codec, EncodedFile file, double psnr, double? ssim) => new()
    {
        Signal = signal.Name,
        Key = SignalKey.Of(signal),
        Codec = codec,
        Samples = signal.SampleCount,
        Bytes = file.Bytes.Length,
        Psnr = psnr,
        Ssim = ssim,
        EncodeSeconds = file.EncodeSeconds,
        DecodeSeconds = file.DecodeSeconds,
    };
}
