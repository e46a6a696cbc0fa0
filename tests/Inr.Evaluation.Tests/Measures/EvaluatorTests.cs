using Inr.Evaluation;
using Inr.Testing;

namespace Inr.Tests;

public sealed class EvaluatorTests
{
    private const double Tolerance = 1e-4;

    private static readonly EvaluationOptions Quick = new() { WarmUpFits = 0, RenderRepeats = 1, RandomAccessSamples = 16 };

    // An error e everywhere has the PSNR −20·log10(e).
    [Fact]
    public void Run_KnownErrors_GivesTheirPsnr()
    {
        using var signals = new PlaneSignals(0.1, 0.01, 1);
        using var fitter = new PlaneFitter();

        var result = Evaluator.Run(fitter, signals, Quick);

        result.Failures.Should().BeEmpty();
        result.IsCancelled.Should().BeFalse();
        result.Rows.Select(r => Math.Round(r.Psnr, 3)).Should().Equal(20, 40, 0);
        var summary = result.Summary!;
        summary.Signals.Should().Be(3);
        summary.Floats.Should().Be(2);
        summary.Bits.Should().Be(64);
        summary.BitsPerSample.Should().Be(64.0 / 144);
        summary.FlopsPerSample.Should().Be(4);
        summary.Psnr.Mean.Should().BeApproximately(20, Tolerance);
        summary.Psnr.Max.Should().BeApproximately(40, Tolerance);
        summary.Psnr.Min.Should().BeApproximately(0, Tolerance);
        summary.HeldOutPsnr.Should().BeNull();
    }

    [Fact]
    public void Run_Row_AgreesWithTheMeasuresThemselves()
    {
        using var signals = new PlaneSignals(0.05);
        using var fitter = new PlaneFitter();
        using var signal = signals.Load(0);
        using var fitted = fitter.Fit(signal);
        using var rendered = fitted.Representation.Render();
        using var file = new MemoryStream();
        fitted.Representation.Save(file);

        var row = Evaluator.Run(fitter, signals, Quick with { Seed = 5 }).Rows.Single();

        row.Psnr8.Should().Be(Psnr.Of8Bit(signal, rendered));
        row.Ssim.Should().Be(Ssim.Of(signal, rendered));
        row.StoredBytes.Should().Be(file.Length);
        row.Floats.Should().Be(2);
        row.Bits.Should().Be(2 * 32);
        row.BitsPerSample.Should().Be(64.0 / 144);
        row.ContextPsnr.Should().BeApproximately(row.Psnr, Tolerance);
        row.Should().BeEquivalentTo(new { Signal = "plane 0", Samples = 144L, ContextSamples = 144L, Steps = 7, Device = "cpu", Threads = 1, Seed = 5L, Status = FitStatus.Completed });
        row.FitSeconds.Should().BePositive();
        row.RenderSeconds.Should().BePositive();
        row.PointSeconds.Should().BePositive();
    }

    [Fact]
    public void Run_BrokenSignals_AreReportedAndTheRestIsEvaluated()
    {
        using var signals = new PlaneSignals(0.1, double.NaN, 0.5, 0.01);
        using var fitter = new PlaneFitter { Before = (s, _) => FailOn("plane 2", s) };

        var result = Evaluator.Run(fitter, signals, Quick);

        result.Rows.Select(r => r.Signal).Should().Equal("plane 0", "plane 3");
        result.Failures.Should().HaveCount(2);
        result.Failures[0].Should().Match<EvaluationFailure>(f => f.Signal == "plane 1" && f.IsUnreadable && f.Reason.Contains("damaged"));
        result.Failures[1].Should().Match<EvaluationFailure>(f => f.Signal == "plane 2" && !f.IsUnreadable && f.Reason.Contains("broken"));
        result.Planned.Should().Be(4);
    }

    [Fact]
    public void Run_NothingSucceeds_HasNoSummary()
    {
        using var signals = new PlaneSignals(double.NaN);
        using var fitter = new PlaneFitter();

        Evaluator.Run(fitter, signals, Quick).Summary.Should().BeNull();
    }

    [Fact]
    public void Run_SparseContext_JudgesOnTheRestToo()
    {
        using var signals = new PlaneSignals(0.1);
        using var fitter = new PlaneFitter();

        var row = Evaluator.Run(fitter, signals, Quick with { Context = SignalContext.Sparse(0.25) }).Rows.Single();

        fitter.Seen.Should().Equal(36);
        row.ContextSamples.Should().Be(36);
        row.Psnr.Should().BeApproximately(20, Tolerance);
        row.HeldOutPsnr.Should().BeApproximately(20, Tolerance);
    }

    // The plane is the clean signal itself: what is left of the context is the noise.
    [Fact]
    public void Run_NoisyContext_JudgesOnTheCleanSignal()
    {
        using var signals = new PlaneSignals(0);
        using var fitter = new PlaneFitter();

        var row = Evaluator.Run(fitter, signals, Quick with { Context = SignalContext.Noisy(25.5) }).Rows.Single();

        row.Psnr.Should().BeGreaterThan(100);
        row.HeldOutPsnr.Should().BeNull();
        // The mean of 144 squared deviates of variance 0.01 is that to 12 %: half a decibel.
        row.ContextPsnr.Should().BeApproximately(20, 1.5);
    }

    [Fact]
    public void Run_Repeats_FitsThatOftenAndTakesTheMedian()
    {
        using var signals = new PlaneSignals(0.1, 0.2);
        using var fitter = new PlaneFitter();

        var result = Evaluator.Run(fitter, signals, Quick with { WarmUpFits = 2, FitRepeats = 3 });

        fitter.Seen.Should().HaveCount(2 + (2 * 3), "the first signal warms up");
        foreach (var row in result.Rows)
        {
            row.FitTimings.Should().HaveCount(3);
            row.FitSeconds.Should().Be(row.FitTimings.Order().ElementAt(1));
        }
    }

    [Fact]
    public void Run_TimeLimit_KeepsTheBestState()
    {
        using var signals = new PlaneSignals(0.1);
        using var fitter = new PlaneFitter { Before = (_, token) => token.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)) };

        var result = Evaluator.Run(fitter, signals, Quick with { FitTimeLimit = TimeSpan.FromMilliseconds(20) });

        result.IsCancelled.Should().BeFalse();
        result.Rows.Single().Status.Should().Be(FitStatus.Cancelled);
        result.Rows.Single().Psnr.Should().BeApproximately(20, Tolerance);
    }

    [Fact]
    public void Run_Cancelled_ReturnsWhatIsFinishedAndDropsTheFit()
    {
        using var signals = new PlaneSignals(0.1, 0.2, 0.3);
        using var source = new CancellationTokenSource();
        using var fitter = new PlaneFitter { Before = (s, _) => CancelOn("plane 1", s, source) };

        var result = Evaluator.Run(fitter, signals, Quick, cancellationToken: source.Token);

        result.IsCancelled.Should().BeTrue();
        result.Rows.Select(r => r.Signal).Should().Equal("plane 0");
        result.Failures.Should().BeEmpty();
    }

    [Fact]
    public void Run_Store_FitsOnlyWhatIsMissing()
    {
        using var folder = new TemporaryFolder();
        using var signals = new PlaneSignals(0.1, 0.2, 0.3);
        using var source = new CancellationTokenSource();
        using var stopping = new PlaneFitter { Before = (s, _) => CancelOn("plane 2", s, source) };
        using var fitter = new PlaneFitter();
        EvaluationResult first;
        using (var store = EvaluationFolder.Open(folder["run"], new Dictionary<string, string>()))
            first = Evaluator.Run(stopping, signals, Quick with { Store = store.For("plane") }, cancellationToken: source.Token);

        using var again = EvaluationFolder.Open(folder["run"], new Dictionary<string, string>());
        var second = Evaluator.Run(fitter, signals, Quick with { Store = again.For("plane") });

        first.Rows.Should().HaveCount(2);
        fitter.Seen.Should().HaveCount(1);
        second.Resumed.Should().Be(2);
        second.Rows.Should().HaveCount(3);
        second.Rows.Take(2).Should().BeEquivalentTo(first.Rows, o => o.WithStrictOrdering(), "stored rows keep every digit");
        using var loaded = SafeRead(again.RepresentationPath(second.Rows[0].Key, "plane"));
        loaded.Length.Should().Be(second.Rows[0].StoredBytes);
    }

    // Hours of fits that nobody keeps are worse than an error.
    [Fact]
    public void Run_StoreThatCannotKeepARow_EndsTheEvaluation()
    {
        using var signals = new PlaneSignals(0.1, 0.2);
        using var fitter = new PlaneFitter();

        new Action(() => Evaluator.Run(fitter, signals, Quick with { Store = new FullStore() })).Should().Throw<IOException>().WithMessage("*full*");
        fitter.Seen.Should().HaveCount(1);
    }

    [Fact]
    public void Run_FitterForEachSignal_IsDisposedOfAndMayFail()
    {
        using var signals = new PlaneSignals(0.1, 0.2);
        var made = new List<CountingFitter>();

        var result = Evaluator.Run(
            s =>
            {
                FailOn("plane 1", s);
                made.Add(new CountingFitter());
                return made[^1];
            },
            signals,
            Quick);

        result.Rows.Should().HaveCount(1);
        result.Failures.Single().Reason.Should().Contain("broken");
        made.Single().Disposed.Should().Be(1);
    }

    [Fact]
    public void Run_Progress_EndsWithEverySignalDone()
    {
        using var signals = new PlaneSignals(0.1, double.NaN);
        using var fitter = new PlaneFitter();
        var reports = new Recorder();

        Evaluator.Run(fitter, signals, Quick, reports);

        reports.Seen.Select(r => (r.Done, r.Total, r.Signal)).Should().Equal((1, 2, "plane 0"), (2, 2, "plane 1"));
        reports.Seen[0].Row.Should().NotBeNull();
        reports.Seen[1].Failure.Should().NotBeNull();
        reports.Seen[1].Remaining.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Run_OptionOutOfRange_Throws()
    {
        using var signals = new PlaneSignals(0.1);
        using var fitter = new PlaneFitter();

        new Action(() => Evaluator.Run(fitter, signals, Quick with { FitRepeats = 0 })).Should().Throw<ArgumentException>().WithMessage("FitRepeats is 0; allowed are 1 and more*");
        new Action(() => Evaluator.Run(fitter, signals, Quick with { FitTimeLimit = TimeSpan.Zero })).Should().Throw<ArgumentException>().WithMessage("FitTimeLimit*");
    }

    [Fact]
    public void Run_LeavesNoTensorBehind()
    {
        using var signals = new PlaneSignals(0.1, double.NaN, 0.5);
        using var fitter = new PlaneFitter { Before = (s, _) => FailOn("plane 2", s) };
        var options = new EvaluationOptions { Context = SignalContext.Parse("sparse:0.5+noisy:10"), FitRepeats = 2 };

        LiveTensors.ShouldStayFlat(() => Evaluator.Run(fitter, signals, options), runs: 2);
    }

    private static void FailOn(string name, Signal signal)
    {
        if (signal.Name == name)
            throw new InvalidOperationException("The fitter is broken.");
    }

    private static void CancelOn(string name, Signal signal, CancellationTokenSource source)
    {
        if (signal.Name == name)
            source.Cancel();
    }

    private static FileStream SafeRead(string path) => File.OpenRead(path);

    private sealed class FullStore : IEvaluationStore
    {
        public EvaluationRow? Find(string key) => null;

        public void Add(EvaluationRow row, ImplicitRepresentation representation) => throw new IOException("The disk is full.");
    }

    private sealed class Recorder : IProgress<EvaluationProgress>
    {
        public List<EvaluationProgress> Seen { get; } = [];

        public void Report(EvaluationProgress value) => Seen.Add(value);
    }

    private sealed class CountingFitter : ISignalFitter
    {
        private readonly PlaneFitter _inner = new();

        public int Disposed { get; private set; }

        public ITargetFunction? Target => _inner.Target;

        public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default) =>
            _inner.Fit(context, progress, cancellationToken);

        public void Dispose() => Disposed++;
    }
}
