using System.Diagnostics;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace Inr.Evaluation;

/// <summary>A picture as baseline JPEG files of any quality; each is encoded and judged once.</summary>
internal sealed class JpegFiles
{
    private const int Largest = 255;
    private const int Lowest = 1;
    private const int Highest = 100;

    // From here on, halved colour limits a photograph more than the quality does.
    private const int WholeColor = 90;

    private readonly Signal _signal;
    private readonly CancellationToken _cancellation;
    private readonly byte[] _pixels;
    private readonly Dictionary<JpegChoice, EncodedFile> _files = [];
    private readonly Dictionary<JpegChoice, (EncodedFile, SignalMetrics)> _judged = [];

    /// <param name="signal">A picture of one or three channels; the caller keeps it.</param>
    /// <param name="cancellation">Ends the work, between two files.</param>
    public JpegFiles(Signal signal, CancellationToken cancellation)
    {
        _signal = signal;
        _cancellation = cancellation;
        _pixels = [.. PixelData.Of(signal, Largest, out _).Select(value => (byte)value)];
    }

    private bool IsGrey => _signal.Channels == 1;

    private JpegColorType[] Colors => IsGrey ? [JpegColorType.Luminance] : [JpegColorType.YCbCrRatio444, JpegColorType.YCbCrRatio420];

    /// <summary>Whether a JPEG holds such a picture: grey or colour, without opacity.</summary>
    public static bool Take(Signal signal) => signal.Channels is 1 or 3;

    /// <summary>The usual way to write a quality.</summary>
    public JpegChoice Usual(int quality) => new(quality, IsGrey ? JpegColorType.Luminance : quality < WholeColor ? JpegColorType.YCbCrRatio420 : JpegColorType.YCbCrRatio444);

    /// <summary>The file whose size is nearest to a size: of colour kept whole and halved, the better one.</summary>
    /// <param name="bytes">The size.</param>
    public JpegChoice Nearest(long bytes) => Colors.Select(color => Nearest(bytes, color)).MaxBy(choice => Judge(choice).Metrics.Psnr);

    /// <summary>The file of a choice, and how near it is to the picture.</summary>
    public (EncodedFile File, SignalMetrics Metrics) Judge(JpegChoice choice)
    {
        if (_judged.TryGetValue(choice, out var known))
            return known;
        var file = Encode(choice);
        byte[] pixels = new byte[_pixels.Length];
        var clock = Stopwatch.StartNew();
        if (IsGrey)
            Decode<L8>(file.Bytes, pixels);
        else
            Decode<Rgb24>(file.Bytes, pixels);
        file = file with { DecodeSeconds = clock.Elapsed.TotalSeconds };
        using var decoded = ImageSignal.FromPixels(pixels, _signal.Width(), _signal.Height(), _signal.Channels);
        return _judged[choice] = (file, SignalMetrics.Of(_signal, decoded));
    }

    // The size grows with the quality.
    private JpegChoice Nearest(long bytes, JpegColorType color)
    {
        int below = Lowest, above = Highest;
        while (above - below > 1)
        {
            int middle = (below + above) / 2;
            if (Size(middle) <= bytes)
                below = middle;
            else
                above = middle;
        }

        return new JpegChoice(Math.Abs(Size(above) - bytes) < Math.Abs(Size(below) - bytes) ? above : below, color);

        long Size(int quality) => Encode(new JpegChoice(quality, color)).Bytes.Length;
    }

    private EncodedFile Encode(JpegChoice choice)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (!_files.TryGetValue(choice, out var file))
            _files[choice] = file = IsGrey ? Encode<L8>(choice) : Encode<Rgb24>(choice);
        return file;
    }

    private EncodedFile Encode<T>(JpegChoice choice)
        where T : unmanaged, IPixel<T>
    {
        using var image = Image.LoadPixelData<T>(_pixels, _signal.Width(), _signal.Height());
        using var stream = new MemoryStream();
        var clock = Stopwatch.StartNew();
        image.Save(stream, new JpegEncoder { Quality = choice.Quality, ColorType = choice.Color });
        return new EncodedFile(stream.ToArray(), clock.Elapsed.TotalSeconds);
    }

    private static void Decode<T>(byte[] file, byte[] pixels)
        where T : unmanaged, IPixel<T>
    {
        using var image = Image.Load<T>(file);
        image.CopyPixelDataTo(pixels);
    }
}
