using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Inr.Evaluation;

/// <summary>A few sounds: the whole wave, and a moment of it with what each target function made of it.</summary>
internal sealed class SoundSection
{
    // The longest moment that shows single swings of a voice.
    private const double MomentSeconds = 0.02;

    private const int FewestSamples = 16;

    // Points across a drawing: more would only make it slow.
    private const int Columns = 400;

    private const int Height = 210;

    private readonly ComparisonResult _result;
    private readonly EvaluationFolder _folder;
    private readonly IReadOnlyList<IReadOnlyList<Contender>> _budgets;
    private readonly List<string> _targets;

    /// <param name="result">What was found.</param>
    /// <param name="folder">The representations.</param>
    public SoundSection(ComparisonResult result, EvaluationFolder folder)
    {
        _result = result;
        _folder = folder;
        _budgets = result.ByBudget;
        _targets = [.. result.Contenders.Select(c => c.Entry.Name).Distinct()];
    }

    /// <summary>Writes the section; nothing where no sound was fitted.</summary>
    public void Write(Html page, ISignalDataset signals)
    {
        // The sample rate is in the files.
        var contenders = _budgets.SelectMany(group => group).ToList();
        var sounds = (signals as SignalFiles)?.Files.Where(f => f.IsAudio && contenders.TrueForAll(c => _result.Row(c, f.Name) is not null)).ToList() ?? [];
        if (sounds.Count == 0)
            return;
        var chosen = Exemplars.Of([.. sounds.Select(f => f.Name).OrderByDescending(name => contenders.Average(c => _result.Row(c, name)!.Psnr))]);
        page.Element("h2", "Waveforms");
        page.Element("p", $"{(chosen[0].Rank.Length > 0 ? "The easiest, the median and the hardest sound by mean PSNR" : "Every sound")}: the whole, and {MomentSeconds * 1000:0} ms where the target functions differ most. The original is the grey line; of several channels, the first is drawn.", "class=\"note\"");
        for (int i = 0; i < chosen.Count; i++)
            WriteSound(page, sounds.First(f => f.Name == chosen[i].Name), chosen[i].Rank, i);
    }

    private void WriteSound(Html page, SignalFile file, string rank, int number)
    {
        using var scope = NewDisposeScope();
        page.Raw(Exemplars.Heading(file.Name, rank));
        try
        {
            using var signal = file.Load(out int rate);
            var truth = signal.Values.select(1, 0).to(float64);
            Tensor[][] fits = [.. _budgets.Select(contenders => contenders.Select(c => Render(c, file.Name, signal)).ToArray())];
            var (start, length) = WhereTheyDiffer(truth, [.. fits.SelectMany(f => f)], rate);
            int drawing = 0;
            page.Raw($"<div class=\"charts\">{Whole(truth, rate, $"sound{Letters(number, drawing++)}")}</div>");
            foreach (var (contenders, made) in _budgets.Zip(fits))
            {
                if (_budgets.Count > 1)
                    page.Raw($"<h4>At most {ReportText.Count(contenders[0].Budget)} floats</h4>");
                page.Raw("<div class=\"charts\">");
                foreach (var (contender, fit) in contenders.Zip(made))
                    page.Raw(Moment(contender, _result.Row(contender, file.Name)!, truth.narrow(0, start, length), fit.narrow(0, start, length), start, rate, $"sound{Letters(number, drawing++)}"));
                page.Raw("</div>");
            }
        }
        catch (InrException e)
        {
            // Files of the input or of the folder may be gone meanwhile; the measures stand in the tables.
            page.Element("p", $"This sound cannot be shown: {e.Message}", "class=\"note\"");
        }
    }

    private Tensor Render(Contender contender, string name, Signal signal)
    {
        using var representation = ImplicitRepresentation.Load(_folder.RepresentationPath(_result.Row(contender, name)!.Key, contender.Name));
        using var rendered = representation.Render((int)signal.SampleCount);
        return rendered.Values.select(1, 0).to(float64).clone();
    }

    // The window in which the errors of the fits differ most; of a single fit, where it errs most.
    private static (long Start, long Length) WhereTheyDiffer(Tensor truth, Tensor[] fits, int rate)
    {
        long samples = truth.shape[0];
        long length = Math.Min(samples, Math.Max(FewestSamples, (long)(MomentSeconds * rate)));
        long stride = Math.Max(1, length / 4);
        var errors = stack([.. fits.Select(f => (f - truth).abs())]);
        var spread = fits.Length > 1 ? errors.std(0, unbiased: false) : errors[0];
        var means = nn.functional.avg_pool1d(spread.reshape(1, 1, -1), length, stride);
        return (means.argmax().item<long>() * stride, length);
    }

    // Least and greatest value of each column: what a dense wave looks like.
    private static string Whole(Tensor truth, int rate, string id)
    {
        double[] values = truth.contiguous().data<double>().ToArray();
        var line = new LineSeries { Color = Palette.Ink, StrokeThickness = 1 };
        int columns = Math.Min(Columns, values.Length);
        for (int c = 0; c < columns; c++)
        {
            int from = (int)((long)c * values.Length / columns), to = (int)((long)(c + 1) * values.Length / columns);
            var span = values.AsSpan(from, to - from);
            double time = (double)from / rate;
            double low = span[0], high = span[0];
            foreach (double v in span)
                (low, high) = (Math.Min(low, v), Math.Max(high, v));
            line.Points.Add(new DataPoint(time, low));
            if (high > low)
                line.Points.Add(new DataPoint(time, high));
        }

        var chart = Draw(id, "seconds", line);
        string duration = ((double)values.Length / rate).ToString("0.##", CultureInfo.InvariantCulture);
        return chart.Figure("Original", $"{ReportText.Count(values.Length)} samples, {duration} s.", $"The whole wave, {duration} s.");
    }

    private string Moment(Contender contender, EvaluationRow row, Tensor truth, Tensor fit, long start, int rate, string id)
    {
        int index = _targets.IndexOf(contender.Entry.Name);
        var original = Line(truth, start, rate, Palette.Soft, 3);
        var fitted = Line(fit, start, rate, Palette.Color(index), 1.6);
        string psnr = $"{ReportText.Decibels(row.Psnr)} dB";
        return Draw(id, "milliseconds", original, fitted).Figure(contender.Entry.Name, $"{psnr}, {ReportText.Bytes(row.StoredBytes)}; from {1000.0 * start / rate:0} ms.", $"A moment of the original and of {contender.Entry.Name}, {psnr}.");
    }

    private static LineSeries Line(Tensor values, long start, int rate, OxyColor color, double thickness)
    {
        var line = new LineSeries { Color = color, StrokeThickness = thickness };
        double[] all = values.contiguous().data<double>().ToArray();
        line.Points.AddRange(all.Select((v, i) => new DataPoint(1000.0 * (start + i) / rate, v)));
        return line;
    }

    private static Chart Draw(string id, string axis, params LineSeries[] lines)
    {
        var chart = new Chart(id, Height);
        chart.Model.Axes.Add(Chart.Linear(AxisPosition.Bottom, axis, lines.SelectMany(l => l.Points).Select(p => p.X)));
        chart.Model.Axes.Add(Chart.Linear(AxisPosition.Left, "", lines.SelectMany(l => l.Points).Select(p => p.Y)));
        foreach (var line in lines)
            chart.Model.Series.Add(line);
        return chart;
    }

    // Names in a page are letters only.
    private static string Letters(int a, int b) => $"{(char)('a' + a)}{(char)('a' + (b / 26))}{(char)('a' + (b % 26))}";
}
