namespace Inr.Evaluation;

/// <summary>A few pictures side by side, every codec with as many bytes as coded cosines.</summary>
internal sealed class EqualBytes
{
    // Pixels of a picture in the page, and of a detail that is shown as it is.
    private const int Side = 320;
    private const int DetailSide = 96;

    // Bits a pixel at which codecs differ visibly.
    private const double Rate = 0.25;

    private const int MostTrials = 8;
    private const double Near = 0.01;

    private readonly RateDistortionResult _result;
    private readonly IReadOnlyList<IPictureCodec> _codecs;
    private readonly CancellationToken _cancellation;

    /// <param name="result">What was found.</param>
    /// <param name="codecs">The codecs, coded cosines first.</param>
    /// <param name="cancellation">Ends the work.</param>
    public EqualBytes(RateDistortionResult result, IReadOnlyList<IPictureCodec> codecs, CancellationToken cancellation)
    {
        _result = result;
        _codecs = codecs;
        _cancellation = cancellation;
    }

    /// <summary>Writes the section.</summary>
    public void Write(Html page, ISignalDataset signals)
    {
        var chosen = Exemplars.Of([.. _result.Signals.OrderByDescending(s => BjontegaardRate.PsnrAt(_result.Curve(RateDistortionResult.Own, s), Rate) ?? 0)]);
        page.Element("h2", "Side by side at equal bytes");
        page.Element("p", $"{(chosen[0].Rank.Length > 0 ? "The easiest, the median and the hardest picture" : "Every picture")}, each codec at the setting whose file comes nearest to that of coded cosines at about {Rate} bits a pixel. Pictures are shrunk to {Side} pixels; details show {DetailSide} × {DetailSide} pixels as they are, where the codecs differ most.", "class=\"note\"");
        foreach (var (name, rank) in chosen)
        {
            foreach (int index in Enumerable.Range(0, signals.Count).Where(i => signals.GetName(i) == name).Take(1))
                WritePicture(page, signals, index, rank);
        }
    }

    /// <summary>The file of a codec whose size is nearest to a size.</summary>
    /// <param name="codec">The codec.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="bytes">The size.</param>
    /// <param name="cancellation">Ends the search.</param>
    internal static EncodedFile Nearest(IPictureCodec codec, CodecPicture picture, long bytes, CancellationToken cancellation)
    {
        double low = codec.Settings[0], high = codec.Settings[^1];
        EncodedFile? best = null;
        Try(low);
        Try(high);
        for (int i = 0; i < MostTrials && Math.Abs(best!.Bytes.Length - bytes) > Near * bytes; i++)
        {
            double middle = codec.Between(low, high);
            if (middle == low || middle == high)
                break;
            if (Try(middle) < bytes)
                low = middle;
            else
                high = middle;
        }

        return best!;

        long Try(double setting)
        {
            var file = codec.Encode(picture, setting, cancellation);
            if (best is null || Math.Abs(file.Bytes.Length - bytes) < Math.Abs(best.Bytes.Length - bytes))
                best = file;
            return file.Bytes.Length;
        }
    }

    private void WritePicture(Html page, ISignalDataset signals, int index, string rank)
    {
        using var scope = NewDisposeScope();
        string name = signals.GetName(index);
        page.Raw(Exemplars.Heading(name, rank));
        try
        {
            using var signal = signals.Load(index);
            using var picture = new CodecPicture(signal);
            var truth = Picture.Of(signal);
            var shown = Shown(picture, truth);
            page.Raw(FormattableString.Invariant($"<div class=\"box scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Pictures of {Html.Escape(name)} at equal bytes\"><div class=\"pictures\" style=\"--n:{shown.Count + 1}\">"));
            page.Raw("<div class=\"row\">Decoded</div>");
            Add(page, Picture.Shrink(truth, Side), "Original", $"{ReportText.Count(signal.SampleCount)} pixels", $"The original of {name}");
            foreach (var one in shown)
                Add(page, Picture.Shrink(one.Pixels, Side), one.Codec, $"{ReportText.Count(one.Bytes)} bytes, {ReportText.Decibels(one.Psnr)} dB", $"{name} by {one.Codec}, {ReportText.Decibels(one.Psnr)} dB");
            WriteDetails(page, truth, shown);
            page.Raw("</div></div>");
        }
        catch (Exception e) when (e is InrException or IOException)
        {
            // Files of the input or programs may be gone meanwhile; the measures stand in the tables.
            page.Element("p", $"This picture cannot be shown: {e.Message}", "class=\"note\"");
        }
    }

    private List<(string Codec, Tensor Pixels, long Bytes, double Psnr)> Shown(CodecPicture picture, Tensor truth)
    {
        var own = _codecs[0];
        double setting = _result.Rows.Where(r => r.Codec == own.Name && r.Signal == picture.Signal.Name).MinBy(r => Math.Abs(Math.Log(r.BitsPerSample / Rate)))!.Setting;
        var first = own.Encode(picture, setting, _cancellation);
        return [.. _codecs.Select(codec =>
        {
            var file = codec == own ? first : Nearest(codec, picture, first.Bytes.Length, _cancellation);
            using var decoded = codec.Decode(picture, file, _cancellation).Picture;
            return (codec.Name, Picture.Of(decoded).clone(), (long)file.Bytes.Length, Psnr.Of(picture.Signal, decoded));
        })];
    }

    private static void WriteDetails(Html page, Tensor truth, List<(string Codec, Tensor Pixels, long Bytes, double Psnr)> shown)
    {
        if (truth.shape[0] < 2 * DetailSide || truth.shape[1] < 2 * DetailSide)
            return;
        var errors = stack(shown.Select(s => (s.Pixels - truth).square().mean([2L])).ToArray());
        var spread = shown.Count > 1 ? errors.std(0, unbiased: false) : errors[0];
        var means = nn.functional.avg_pool2d(spread.unsqueeze(0).unsqueeze(0), [DetailSide, DetailSide], [8, 8]).squeeze(0).squeeze(0);
        long best = means.argmax().item<long>();
        long top = best / means.shape[1] * 8, left = best % means.shape[1] * 8;
        Tensor Cut(Tensor picture) => picture.narrow(0, top, DetailSide).narrow(1, left, DetailSide).contiguous();
        page.Raw("<div class=\"row\">Detail</div>");
        string place = FormattableString.Invariant($"rows {top}–{top + DetailSide - 1}, columns {left}–{left + DetailSide - 1}");
        Add(page, Cut(truth), "Original", place, $"Detail of the original, {place}", enlarged: true);
        foreach (var one in shown)
            Add(page, Cut(one.Pixels), one.Codec, "", $"The same detail by {one.Codec}", enlarged: true);
    }

    private static void Add(Html page, Tensor picture, string title, string note, string description, bool enlarged = false) =>
        page.Raw($"<figure>{Picture.Markup(picture, description, enlarged)}<figcaption><strong>{Html.Escape(title)}</strong>{(note.Length > 0 ? "<br>" : "")}{Html.Escape(note)}</figcaption></figure>");
}
