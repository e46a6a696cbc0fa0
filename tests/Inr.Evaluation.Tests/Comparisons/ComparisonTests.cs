using System.Text.Json;
using Inr.Evaluation;

namespace Inr.Tests.Evaluation;

/// <summary>One call compares target functions over signals at float budgets, and leaves tables, a page and every fit behind.</summary>
public sealed class ComparisonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Signal[] _pictures = [Picture(1), Picture(2)];
    private readonly SignalList _signals;

    public ComparisonTests() => _signals = new SignalList(_pictures);

    [Fact]
    public void Run_TargetsAndBudgets_ComparesEachWithTheNullModels()
    {
        var settings = Settings with { Floats = [120, 240] };
        var result = Comparison.Run(["siren"], _signals, _folder["report"], settings);

        result.Failures.Should().BeEmpty();
        result.Finished.Should().Be(2 * 3 * 2);
        var summary = result.Summary();
        summary.Select(r => (r.Target, r.Budget)).Should().Equal(
            ("siren", 120), ("block-cosine", 120), ("global-cosine", 120), ("jpeg", 120),
            ("siren", 240), ("block-cosine", 240), ("global-cosine", 240), ("jpeg", 240));
        var (fitted, codecs) = (summary.Where(r => r.Floats is not null).ToList(), summary.Where(r => r.Floats is null));
        codecs.Should().OnlyContain(r => r.Target == "jpeg" && r.Signals == 2 && r.Bits == 8 * r.StoredBytes && r.BitsPerSample == r.Bits / 120 && r.Psnr > 20 && r.FitSeconds > 0);
        fitted.Should().HaveCount(6).And.OnlyContain(r => r.Signals == 2 && r.Floats <= r.Budget && r.MinPsnr <= r.Psnr && r.Psnr <= r.MaxPsnr);
        fitted.Should().OnlyContain(r => r.Bits == 32 * r.Floats && r.BitsPerSample == r.Bits / 120 && r.StoredBytes > r.Bits / 8, "numbers are whole floats today, and a file describes them too");
        result.Fits().Should().HaveCount(12 + 4).And.OnlyContain(r => r.Signal != null && r.Psnr > 0);

        string[] files = ["summary.json", "summary.csv", "signals.json", "signals.csv", "report.html", "plan.json", "settings.json"];
        files.Should().OnlyContain(f => File.Exists(_folder[Path.Combine("report", f)]));
        using var json = JsonDocument.Parse(File.ReadAllText(_folder[Path.Combine("report", "summary.json")]));
        json.RootElement.EnumerateArray().Select(r => r.GetProperty("psnr").GetDouble()).Should().Equal(summary.Select(r => r.Psnr!.Value));
        Directory.GetFiles(_folder[Path.Combine("report", "rows")], "*.inr").Should().HaveCount(12);
        File.ReadAllText(_folder[Path.Combine("report", "report.html")]).Should().Contain("siren").And.Contain("<svg");
    }

    [Fact]
    public void Run_Again_KeepsWhatIsFinished()
    {
        string report = _folder["again"];
        var first = Comparison.Run(["siren"], _signals, report, Settings);
        var written = Directory.GetFiles(Path.Combine(report, "rows"), "*.json").ToDictionary(f => f, File.GetLastWriteTimeUtc);
        var listener = new Listener();
        var second = Comparison.Run(["siren"], _signals, report, Settings, listener);

        second.Fits().Select(r => (r.Signal, r.Target, r.Psnr, r.FitSeconds)).Should().Equal(first.Fits().Select(r => (r.Signal, r.Target, r.Psnr, r.FitSeconds)));
        written.Should().OnlyContain(f => File.GetLastWriteTimeUtc(f.Key) == f.Value);
        listener.Lines[0].Should().Contain("6 fits, 0 to do");
        var other = () => Comparison.Run(["siren"], _signals, report, Settings with { Seed = 4 });
        other.Should().Throw<InrException>().WithMessage("*other settings (seed is 0 there, 4 now)*");
    }

    [Fact]
    public void Run_SignalThatCannotBeRead_IsReportedAndTheOthersAreCompared()
    {
        File.WriteAllText(_folder["broken.png"], "no picture");
        using (var picture = Picture(3))
            picture.SavePng(_folder["good.png"]);
        var result = Comparison.Run(["siren"], SignalFiles.Open(_folder.Root), _folder["report"], Settings);

        result.Failures.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Signal = "broken.png", Target = (string?)null });
        result.SignalNames().Should().Equal("good.png");
        File.Exists(_folder[Path.Combine("report", "failures.json")]).Should().BeTrue();
    }

    [Fact]
    public void Run_BudgetThatATargetCannotKeep_FailsThereAlone()
    {
        var result = Comparison.Run(["siren"], new SignalList(_pictures[..1]), _folder["small"], Settings with { Floats = [12] });
        result.Failures.Should().Contain(f => f.Target == "siren" && f.Reason.Contains("smallest that works here is 15"));
        result.Present.Should().OnlyContain(c => c.Entry.IsNullModel);
    }

    // 12 floats are enough for a siren of one channel and too few for three.
    [Fact]
    public void Run_FitThatFailsOnOneSignal_LeavesItOutOfEveryMean()
    {
        using var grey = Grey();
        var result = Comparison.Run(["siren"], new SignalList([_pictures[0], grey]), _folder["unequal"], Settings with { Floats = [12] });

        result.Failures.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Signal = "picture 1", Target = "siren" });
        result.Fits().Should().HaveCount(5 + 2, "what is finished stays in the table of fits");
        result.LeftOut.Should().Equal("picture 1");
        var fits = result.Fits().Where(r => r.Signal == "grey").ToDictionary(r => r.Target!);
        result.Summary().Should().HaveCount(3 + 1).And.OnlyContain(r => r.Signals == 1 && r.Psnr == fits[r.Target!].Psnr && r.FitSeconds == fits[r.Target!].FitSeconds);
        File.ReadAllText(_folder[Path.Combine("unequal", "report.html")]).Should().Contain("Means over the 1 signal that every target function fitted; picture 1 left the means");
    }

    [Fact]
    public void Run_RowsThatDisappear_CostNothingButTheirPictures()
    {
        string rows = _folder[Path.Combine("cleaned", "rows")];
        var cleaner = new Listener { Heard = line => DeleteOnce(rows, line) };
        var result = Comparison.Run(["siren"], new SignalList(_pictures[..1]), _folder["cleaned"], Settings, cleaner);

        result.Failures.Should().BeEmpty();
        result.Finished.Should().Be(3);
        Directory.GetFiles(rows, "*.inr").Should().HaveCount(2, "the first was deleted");
        File.ReadAllText(_folder[Path.Combine("cleaned", "report.html")]).Should().Contain("This picture cannot be shown").And.EndWith("</body></html>\n");
    }

    [Fact]
    public void Page_SaysWhereWhenAndHow_AndShowsEveryBudget()
    {
        var settings = Settings with { Floats = [120, 240] };
        var contenders = Contender.Of([TargetCatalog.Find("block-cosine")], settings.Floats);
        using var store = EvaluationFolder.Open(_folder["page"], settings.Described());
        var signals = new SignalList(_pictures[..1]);
        ReportPage.Write(Comparison.Run(contenders, signals, store, settings), store, signals, "inr compare 'a <b>.png'");

        string page = File.ReadAllText(_folder[Path.Combine("page", ReportPage.FileName)]);
        page.Should().Contain("<code>inr compare &#39;a &lt;b&gt;.png&#39;</code>");
        page.Should().MatchRegex(@"Inr <b>\d+\.\d+\.\d+").And.MatchRegex(@"written <b>\d{4}-\d\d-\d\d").And.MatchRegex(@"processor <b>.+, \d+ logical");
        page.Should().Contain("<h4>At most 120 floats</h4>").And.Contain("<h4>At most 240 floats</h4>");
        page.Should().Contain("<td data-label=\"mean PSNR, dB\"", "a card on a phone has no heading above its numbers");
        page.Split("picture 1 by block-cosine, ").Should().HaveCount(3, "a reconstruction for each budget");
    }

    [Fact]
    public void Run_BudgetOfTime_SaysWhatWasSpentAndMarksWhatMissedIt()
    {
        var settings = Settings with { Steps = null, Seconds = 0.05 };
        var result = Comparison.Run(["siren"], new SignalList(_pictures), _folder["timed"], settings);

        var (siren, closed) = (result.Summary()[0], result.Summary().Skip(1));
        siren.SpentSeconds.Should().BeGreaterThanOrEqualTo(0.05, "steps are done until the time is over");
        siren.Steps.Should().BeGreaterThan(0);
        closed.Should().OnlyContain(r => r.SpentSeconds == null && r.Missed == null);

        var contender = result.Contenders[0];
        var rows = result.Rows.ToDictionary(r => r.Key, r => (IReadOnlyList<EvaluationRow>)[.. r.Value.Select((row, i) => r.Key == contender ? row with { SpentSeconds = i == 0 ? 0.0524 : 0.06 } : row)]);
        var late = result with { Rows = rows };
        late.Summary()[0].Missed.Should().Be(1, "5 % over is within the tolerance, 20 % is not");
        late.Fits().Where(r => r.Target == "siren").Select(r => r.Missed).Should().Equal(null, 1);
        (late with { Settings = settings with { Seconds = null } }).Summary()[0].Missed.Should().BeNull();
    }

    [Theory]
    [InlineData("2 signals", 0)]
    [InlineData("About", 0)]
    [InlineData("[1/", 1)]
    [InlineData("[4/", 3)]
    public void Run_Cancelled_KeepsWhatIsComparedAndDrawsNothing(string line, int finished)
    {
        using var source = new CancellationTokenSource();
        var listener = new Listener { Heard = heard => CancelAt(heard, line, source) };
        var result = Comparison.Run(["siren"], new SignalList(_pictures), _folder["cancelled"], Settings, listener, source.Token);

        (result.IsCancelled, result.Fits().Count(r => r.Floats is not null)).Should().Be((true, finished));
        result.Failures.Should().BeEmpty();
        File.Exists(_folder[Path.Combine("cancelled", "report.html")]).Should().BeFalse();
        var whole = Comparison.Run(["siren"], new SignalList(_pictures), _folder["cancelled"], Settings);
        (whole.IsCancelled, whole.Finished).Should().Be((false, 6));
    }

    public void Dispose()
    {
        Array.ForEach(_pictures, p => p.Dispose());
        _folder.Dispose();
    }

    private static ComparisonSettings Settings => new() { Floats = [150], Steps = 2, Device = InrDevice.Cpu };

    private static Signal Picture(int seed)
    {
        var values = Enumerable.Range(0, 10 * 12 * 3).Select(i => (float)(0.5 + (0.4 * Math.Sin((0.37 * i) + seed)))).ToArray();
        return Signal.FromGrid(values, [10, 12], 3, $"picture {seed}");
    }

    private static Signal Grey() => Signal.FromGrid([.. Enumerable.Range(0, 10 * 12).Select(i => (float)(0.5 + (0.4 * Math.Sin(0.37 * i))))], [10, 12], 1, "grey");

    private static void CancelAt(string heard, string start, CancellationTokenSource source)
    {
        if (heard.StartsWith(start, StringComparison.Ordinal))
            source.Cancel();
    }

    private static void DeleteOnce(string folder, string line)
    {
        if (line.StartsWith("[1/", StringComparison.Ordinal))
            Directory.Delete(folder, recursive: true);
    }

    private sealed class Listener : IComparisonListener
    {
        public List<string> Lines { get; } = [];

        public Action<string> Heard { get; init; } = _ => { };

        public void Tell(string line)
        {
            Lines.Add(line);
            Heard(line);
        }

        public T Watch<T>(string work, Func<IProgress<FitProgress>?, T> fit) => fit(null);
    }
}
