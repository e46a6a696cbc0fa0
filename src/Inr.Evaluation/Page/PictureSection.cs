using System.Globalization;

namespace Inr.Evaluation;

/// <summary>A few images side by side: what was fitted, what each target function made of it, a detail, where it errs, its sets.</summary>
internal sealed class PictureSection
{
    // Pixels of a picture in the page: more would be slow to load on a phone.
    private const int Side = 320;

    private const int DetailSide = 72;

    // The share of the errors that the colours tell apart.
    private const double Shown = 0.995;

    private const float Unseen = 0.5f;

    private const int FewBudgets = 2;

    private readonly ComparisonResult _result;
    private readonly EvaluationFolder _folder;
    private readonly IReadOnlyList<IReadOnlyList<Contender>> _budgets;

    /// <param name="result">What was found.</param>
    /// <param name="folder">The representations.</param>
    public PictureSection(ComparisonResult result, EvaluationFolder folder)
    {
        _result = result;
        _folder = folder;
        _budgets = result.ByBudget;
    }

    /// <summary>Writes the section; nothing where no image was fitted.</summary>
    public void Write(Html page, ISignalDataset signals)
    {
        var chosen = Choose();
        if (chosen.Count == 0)
            return;
        page.Element("h2", "Side by side");
        string budget = _budgets.Count > 1 ? ", at every budget" : _budgets[0][0].Budget is { } floats ? $" at {ReportText.Count(floats)} floats" : "";
        page.Element("p", $"{(chosen[0].Rank.Length > 0 ? "The easiest, the median and the hardest image by mean PSNR" : "Every image")}{budget}. Pictures are shrunk to {Side} pixels; details show {DetailSide} × {DetailSide} pixels as they are, where the target functions differ most.", "class=\"note\"");
        foreach (var (name, rank) in chosen)
        {
            foreach (int index in Enumerable.Range(0, signals.Count).Where(i => signals.GetName(i) == name).Take(1))
                WriteImage(page, signals, index, rank);
        }
    }

    private IReadOnlyList<(string Name, string Rank)> Choose()
    {
        var contenders = _budgets.SelectMany(group => group).ToList();
        return Exemplars.Of(
            [.. _result.SignalNames()
                .Where(name => contenders.TrueForAll(c => _result.Row(c, name) is { Psnr8: not null }))
                .OrderByDescending(name => contenders.Average(c => _result.Row(c, name)!.Psnr))]);
    }

    private void WriteImage(Html page, ISignalDataset signals, int index, string rank)
    {
        using var scope = NewDisposeScope();
        string name = signals.GetName(index);
        page.Raw(Exemplars.Heading(name, rank));
        try
        {
            using var signal = signals.Load(index);
            var truth = Picture.Of(signal);
            (long Top, long Left)? place = null;
            foreach (var contenders in _budgets)
            {
                using var inner = NewDisposeScope();
                List<Fit> fits = [.. contenders.Select(c => Read(c, name, signal, truth))];
                place ??= WhereTheyDiffer(truth, fits);
                bool isLast = ReferenceEquals(contenders, _budgets[^1]);
                if (_budgets.Count > 1)
                    page.Raw($"<h4>At most {ReportText.Count(contenders[0].Budget)} floats</h4>");
                page.Raw(FormattableString.Invariant($"<div class=\"box scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Pictures of {Html.Escape(name)}{Budget(contenders[0])}\"><div class=\"pictures\" style=\"--n:{fits.Count + 1}\">"));
                WriteWhole(page, signal, truth, fits);
                WriteDetails(page, truth, fits, place);
                // They say little new at every budget, and would make the page as large again.
                if (isLast || _budgets.Count <= FewBudgets)
                {
                    WriteErrors(page, signal, fits);
                    WriteSets(page, fits);
                }

                page.Raw("</div></div>");
            }
        }
        catch (InrException e)
        {
            // Files of the input or of the folder may be gone meanwhile; the measures stand in the tables.
            page.Element("p", $"This picture cannot be shown: {e.Message}", "class=\"note\"");
        }
    }

    private static string Budget(Contender contender) => contender.Budget is { } floats ? $" at {ReportText.Count(floats)} floats" : "";

    private Fit Read(Contender contender, string name, Signal signal, Tensor truth)
    {
        var row = _result.Row(contender, name)!;
        using var representation = ImplicitRepresentation.Load(_folder.RepresentationPath(row.Key, contender.Name));
        using var rendered = representation.Render(signal.Height(), signal.Width());
        var picture = Picture.Of(rendered);
        var small = Picture.Shrink(picture, Side);
        var labels = PartitionMap.Labels(representation, (int)small.shape[0], (int)small.shape[1]);
        return new Fit(contender, row, picture, small, (picture - truth).abs().mean([2L]), labels, PartitionMap.Count(representation));
    }

    private void WriteWhole(Html page, Signal signal, Tensor truth, List<Fit> fits)
    {
        page.Raw("<div class=\"row\">Reconstructions</div>");
        Add(page, Picture.Shrink(truth, Side), "Original", _result.Settings.Context.IsFull ? "what was fitted" : "what the fits are judged on", $"The original of {signal.Name}");
        foreach (var fit in fits)
        {
            string ssim = fit.Row.Ssim is { } s ? $", SSIM {ReportText.Similarity(s)}" : "";
            Add(page, fit.Small, fit.Name, $"{ReportText.Decibels(fit.Row.Psnr)} dB{ssim}, {ReportText.Bytes(fit.Row.StoredBytes)}", $"{signal.Name} by {fit.Name}, {ReportText.Decibels(fit.Row.Psnr)} dB");
        }
    }

    private void WriteContext(Html page, Signal signal, string key)
    {
        string note = _result.Settings.Context.Fraction < 1 ? "; grey where unseen" : "";
        page.Raw($"<figure>{Markup(Picture.Shrink(Seen(signal), Side), $"The context of {signal.Name}")}<figcaption><strong>What the fits saw</strong><br>{_result.Settings.Context}{note}</figcaption><p class=\"key\">{key}</p></figure>");
    }

    private Tensor Seen(Signal signal)
    {
        var (context, query) = _result.Settings.Context.Draw(signal, _result.Settings.Seed);
        query?.Dispose();
        using (context)
        {
            if (context.Domain.IsGrid)
                return Picture.Of(context).clone();
            int height = signal.Height(), width = signal.Width();
            // Pixel centres lie at (2i+1)/n − 1.
            var places = context.Coordinates.to(float64);
            var rows = (((places.select(1, 0) + 1) * height - 1) / 2).round().to(int64);
            var columns = (((places.select(1, 1) + 1) * width - 1) / 2).round().to(int64);
            var values = full([(long)height * width, signal.Channels], Unseen, dtype: context.Values.dtype);
            values.index_copy_(0, (rows * width) + columns, context.Values);
            using var seen = Signal.FromGrid(values, [height, width]);
            return Picture.Of(seen).clone();
        }
    }

    private static void WriteDetails(Html page, Tensor truth, List<Fit> fits, (long Top, long Left)? at)
    {
        if (at is not var (top, left))
            return;
        Tensor Cut(Tensor picture) => picture.narrow(0, top, DetailSide).narrow(1, left, DetailSide).contiguous();
        page.Raw("<div class=\"row\">Detail</div>");
        string place = FormattableString.Invariant($"rows {top}–{top + DetailSide - 1}, columns {left}–{left + DetailSide - 1}");
        Add(page, Cut(truth), "Original", place, $"Detail of the original, {place}", enlarged: true);
        foreach (var fit in fits)
            Add(page, Cut(fit.Whole), fit.Name, "", $"The same detail by {fit.Name}", enlarged: true);
    }

    // The window in which the mean errors of the fits differ most; none in a small picture, which is shown as it is.
    private static (long Top, long Left)? WhereTheyDiffer(Tensor truth, List<Fit> fits)
    {
        if (truth.shape[0] < 2 * DetailSide || truth.shape[1] < 2 * DetailSide)
            return null;
        var errors = stack(fits.Select(f => f.Error).ToArray());
        var spread = fits.Count > 1 ? errors.std(0, unbiased: false) : errors[0];
        var means = nn.functional.avg_pool2d(spread.unsqueeze(0).unsqueeze(0), [DetailSide, DetailSide], [8, 8]).squeeze(0).squeeze(0);
        long best = means.argmax().item<long>();
        return (best / means.shape[1] * 8, best % means.shape[1] * 8);
    }

    private void WriteErrors(Html page, Signal signal, List<Fit> fits)
    {
        using var all = cat(fits.Select(f => f.Error.flatten()).ToArray());
        var sorted = all.sort().Values;
        double largest = sorted[(long)(Shown * (sorted.numel() - 1))].item<float>();
        string limit = (largest * 255).ToString("0.#", CultureInfo.InvariantCulture);
        page.Raw("<div class=\"row\">Errors</div>");
        string key = $"Errors: mean of the channels, in 255ths:<br>0<span class=\"ramp\" style=\"background:{ErrorColors.Gradient}\"></span>{limit}";
        if (_result.Settings.Context.IsFull)
            page.Raw($"<p class=\"key\">{key}</p>");
        else
            WriteContext(page, signal, key);
        foreach (var fit in fits)
        {
            var small = Picture.Shrink(fit.Error.unsqueeze(2), Side).squeeze(2);
            double mean = fit.Error.mean().item<float>() * 255;
            Add(page, ErrorColors.Map(small, largest), fit.Name, $"mean {mean.ToString("0.00", CultureInfo.InvariantCulture)}", $"Errors of {fit.Name}");
        }
    }

    private static void WriteSets(Html page, List<Fit> fits)
    {
        if (fits.TrueForAll(f => f.Labels is null))
            return;
        page.Raw("<div class=\"row\">Sets</div><p class=\"key\">The pieces into which a target function divides the picture.</p>");
        foreach (var fit in fits)
        {
            if (fit.Labels is { } labels)
                Add(page, PartitionMap.Draw(labels, fit.Small), fit.Name, $"{ReportText.Count(fit.Sets)} sets", $"The sets of {fit.Name}");
            else
                page.Raw("<span></span>");
        }
    }

    private static void Add(Html page, Tensor picture, string title, string note, string description, bool enlarged = false) => page.Raw(
        $"<figure>{Markup(picture, description, enlarged)}<figcaption><strong>{Html.Escape(title)}</strong>{(note.Length > 0 ? "<br>" : "")}{Html.Escape(note)}</figcaption></figure>");

    // The page enlarges small pictures: their pixels are what there is to see.
    private static string Markup(Tensor picture, string description, bool enlarged = false) =>
        Picture.Markup(picture, description, enlarged || Math.Max(picture.shape[0], picture.shape[1]) < Side / 2);

    /// <summary>What one target function made of an image; the tensors belong to the surrounding dispose scope.</summary>
    private sealed record Fit(Contender Contender, EvaluationRow Row, Tensor Whole, Tensor Small, Tensor Error, Tensor? Labels, long Sets)
    {
        public string Name => Contender.Entry.Name;
    }
}
