using System.Text;

namespace Inr.Evaluation;

/// <summary>A picture as codecs take it: the signal, and the files that tools read.</summary>
internal sealed class CodecPicture : IDisposable
{
    private const int Largest = 255;

    private string? _folder;
    private string? _png;
    private string? _pnm;

    /// <param name="signal">One that <see cref="WhyNot"/> has nothing against; the caller keeps it.</param>
    public CodecPicture(Signal signal)
    {
        Signal = signal;
    }

    /// <summary>The picture.</summary>
    public Signal Signal { get; }

    /// <summary>Whether it is grey.</summary>
    public bool IsGrey => Signal.Channels == 1;

    /// <summary>A folder for files, deleted with this.</summary>
    public string Folder => _folder ??= Directory.CreateTempSubdirectory("inr-codec-").FullName;

    /// <summary>As a PNG file.</summary>
    public string Png
    {
        get
        {
            if (_png is null)
            {
                string path = Path.Combine(Folder, "picture.png");
                Signal.SavePng(path, bitDepth: 8);
                _png = path;
            }

            return _png;
        }
    }

    /// <summary>As a PPM or PGM file.</summary>
    public string Pnm
    {
        get
        {
            if (_pnm is null)
            {
                string path = Path.Combine(Folder, IsGrey ? "picture.pgm" : "picture.ppm");
                byte[] head = Encoding.ASCII.GetBytes(FormattableString.Invariant($"P{(IsGrey ? 5 : 6)}\n{Signal.Width()} {Signal.Height()}\n{Largest}\n"));
                File.WriteAllBytes(path, [.. head, .. Signal.ToPixels8()]);
                _pnm = path;
            }

            return _pnm;
        }
    }

    /// <summary>Why a signal cannot be compared with what codecs make of it; null where it can.</summary>
    public static string? WhyNot(Signal signal)
    {
        if (signal.Domain.GridShape.Count != 2 || signal.Channels is not (1 or 3))
            return $"codecs are compared on grey and RGB pictures; it is {signal}.";
        PixelData.Of(signal, Largest, out bool isExact);
        return isExact ? null : "codecs are compared on pictures of 8 bits; it is finer.";
    }

    /// <summary>Reads the PPM, PGM or PNG file that a tool decoded to, with the channels of the picture.</summary>
    public Signal Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes is not [(byte)'P', (byte)'5' or (byte)'6', ..])
            return ImageSignal.Load(path, new ImageLoadOptions { Channels = Signal.Channels });
        int at = 2;
        int width = Number(), height = Number(), largest = Number();
        int channels = bytes[1] == (byte)'5' ? 1 : 3;
        at++;
        if (largest != Largest || bytes.Length - at < (long)width * height * channels)
            throw new InrException($"'{path}' is no 8-bit picture of {width}×{height} pixels.");
        var pixels = bytes.AsSpan(at, width * height * channels);
        if (channels == Signal.Channels)
            return ImageSignal.FromPixels(pixels, width, height, channels);
        // A tool may know color only.
        byte[] grey = new byte[width * height];
        for (int i = 0; i < grey.Length; i++)
            grey[i] = pixels[(3 * i) + 1];
        return ImageSignal.FromPixels(grey, width, height, 1);

        int Number()
        {
            while (bytes[at] is (byte)'#' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                if (bytes[at] == (byte)'#')
                    at = Array.IndexOf(bytes, (byte)'\n', at);
                at++;
            }

            int number = 0;
            for (; bytes[at] is >= (byte)'0' and <= (byte)'9'; at++)
                number = (10 * number) + bytes[at] - '0';
            return number;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }
}
