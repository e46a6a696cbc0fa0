using System.Globalization;

namespace Inr.Evaluation;

/// <summary>
/// Compares coded cosines with the codecs that people use, byte for byte: JPEG, JPEG 2000, WebP and AVIF where the system has their
/// tools.
/// </summary>
public static class RateDistortion
{
    /// <summary>The settings of a folder for <see cref="EvaluationFolder.Open"/>: rows of other comparisons do not belong beside.</summary>
    public static IReadOnlyDictionary<string, string> Described { get; } = new Dictionary<string, string> { ["compare"] = "codec" };

    /// <summary>Encodes every picture with every codec at every setting, keeps what is finished, and goes on past what fails.</summary>
    /// <param name="signals">The pictures: grey or RGB, 8 bits.</param>
    /// <param name="folder">The finished rows; opened with <see cref="Described"/>.</param>
    /// <param name="listener">Hears where it stands.</param>
    /// <param name="cancellationToken">Ends it; what is finished is returned and kept in the folder.</param>
    public static RateDistortionResult Run(
        ISignalDataset signals,
        EvaluationFolder folder,
        IComparisonListener? listener = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signals);
        ArgumentNullException.ThrowIfNull(folder);
        var tools = CodecTool.All();
        return Run(signals, folder, [new CodedCosines(), .. tools.Where(t => t.Version is not null)], tools.Where(t => t.Version is null), listener ?? new SilentListener(), cancellationToken);
    }

    internal static RateDistortionResult Run(
        ISignalDataset signals,
        EvaluationFolder folder,
        IReadOnlyList<IPictureCodec> codecs,
        IEnumerable<CodecTool> absent,
        IComparisonListener listener,
        CancellationToken cancellation)
    {
        var rows = new List<CodecRow>();
        var failures = new List<ComparisonFailure>();
        var complete = new List<string>();
        var warm = new HashSet<string>(StringComparer.Ordinal);
        string[] missing = [.. absent.Select(t => $"{t.Name} ({t.EncoderName} and {t.DecoderName}, Debian package {t.Package})")];
        foreach (string tool in missing)
            listener.Tell($"left out {tool}: not on this system.");
        for (int i = 0; i < signals.Count && !cancellation.IsCancellationRequested; i++)
        {
            try
            {
                using var signal = signals.Load(i);
                if (CodecPicture.WhyNot(signal) is { } reason)
                    Skip(signal.Name, null, reason);
                else if (Measure(signal, i))
                    complete.Add(signal.Name);
            }
            catch (SignalLoadException e)
            {
                Skip(signals.GetName(i), null, ReportText.OneLine(e.Message));
            }
        }

        bool isCancelled = cancellation.IsCancellationRequested;
        return new RateDistortionResult
        {
            Rows = rows,
            Codecs = [.. codecs.Select(c => new CodecDescription(c.Name, c.Summary, c.Version))],
            Published = PublishedCurve.IsKodak(complete) ? PublishedCurve.OfKodak() : [],
            Failures = failures,
            Absent = missing,
            Signals = complete,
            IsCancelled = isCancelled,
        };

        // Whether every codec has its rows: a mean over other pictures would compare pictures.
        bool Measure(Signal signal, int index)
        {
            string key = SignalKey.Of(signal);
            using var picture = new CodecPicture(signal);
            var found = new List<CodecRow>();
            bool isWhole = true;
            foreach (var codec in codecs)
            {
                if (cancellation.IsCancellationRequested)
                    return false;
                try
                {
                    found.AddRange(Rows(codec, picture, key));
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    return false;
                }
                catch (Exception e) when (e is InrException or IOException or ArgumentException or System.ComponentModel.Win32Exception)
                {
                    Skip(signal.Name, codec.Name, ReportText.OneLine(e.Message));
                    isWhole = false;
                }
            }

            rows.AddRange(found);
            listener.Tell(string.Create(CultureInfo.InvariantCulture, $"[{index + 1}/{signals.Count}] {signal.Name}"));
            return isWhole;
        }

        IReadOnlyList<CodecRow> Rows(IPictureCodec codec, CodecPicture picture, string key)
        {
            if (folder.FindRates(key, codec.Name) is { } kept && kept.Select(r => r.Setting).SequenceEqual(codec.Settings) && kept.TrueForAll(r => r.Version == codec.Version))
                return kept;
            // The first call of a codec loads programs and compiles code.
            if (warm.Add(codec.Name))
                Row(codec, picture, codec.Settings[0], cancellation);
            var made = codec.Settings.Select(setting => Row(codec, picture, setting, cancellation)).ToList();
            folder.AddRates(key, codec.Name, made);
            return made;
        }

        void Skip(string signal, string? codec, string reason)
        {
            var skipped = new ComparisonFailure(signal, codec, reason);
            failures.Add(skipped);
            listener.Tell($"skipped {skipped}");
        }
    }

    /// <summary>Encodes, decodes and measures.</summary>
    internal static CodecRow Row(IPictureCodec codec, CodecPicture picture, double setting, CancellationToken cancellation)
    {
        var file = codec.Encode(picture, setting, cancellation);
        var (decoded, seconds) = codec.Decode(picture, file, cancellation);
        using (decoded)
        {
            return new CodecRow
            {
                Codec = codec.Name,
                Setting = setting,
                Signal = picture.Signal.Name,
                Bits = 8.0 * file.Bytes.Length,
                BitsPerSample = 8.0 * file.Bytes.Length / picture.Signal.SampleCount,
                Psnr = Psnr.Of(picture.Signal, decoded),
                EncodeSeconds = file.EncodeSeconds,
                DecodeSeconds = seconds,
                Version = codec.Version,
            };
        }
    }
}
