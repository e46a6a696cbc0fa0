using Inr.Parameterizations.PiecewiseFourier;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.ClosedForms;

/// <summary>Closed forms that are ended early: at once, in every stage, in the middle of one; what they return is sound.</summary>
public sealed class CancellationTests
{
    [Theory, MemberData(nameof(ClosedFormTable.Names), MemberType = typeof(ClosedFormTable))]
    public void Fit_CancelledByAnyReport_ReturnsASoundFunction(string name)
    {
        var (signal, fitter) = ClosedFormTable.Get(name);
        using var _ = signal;
        using var __ = fitter;
        for (int at = 1; ; at = at < 4 ? at + 1 : at * 3 / 2)
        {
            using var source = new CancellationTokenSource();
            using var result = fitter.Fit(signal, new CancelAt(at, source), source.Token);
            Sound(result, signal, ClosedFormTable.Budget(name));
            if (!source.IsCancellationRequested)
            {
                result.Status.Should().Be(FitStatus.Completed);
                at.Should().BeGreaterThan(3, "a fit says more than once where it stands");
                break;
            }
        }
    }

    [Theory, MemberData(nameof(ClosedFormTable.Names), MemberType = typeof(ClosedFormTable))]
    public void Fit_CancelledBeforehand_ReturnsTheLevelOfTheSignal(string name)
    {
        var (signal, fitter) = ClosedFormTable.Get(name);
        using var _ = signal;
        using var __ = fitter;
        using var result = fitter.Fit(signal, cancellationToken: new CancellationToken(true));
        result.Status.Should().Be(FitStatus.Cancelled);
        result.Message.Should().StartWith("Cancelled.");
        Sound(result, signal, ClosedFormTable.Budget(name));
        using var values = result.Representation.Evaluate(signal.Coordinates);
        using var spread = values.std(0, false);
        spread.max().item<float>().Should().BeLessThan(1e-5f, "one value is everywhere");
    }

    [Theory, MemberData(nameof(ClosedFormTable.Names), MemberType = typeof(ClosedFormTable))]
    public void Fit_Cancelled_LeavesNoTensor(string name)
    {
        var (signal, fitter) = ClosedFormTable.Get(name);
        using var _ = signal;
        using var __ = fitter;
        LiveTensors.ShouldStayFlat(
            () =>
            {
                using var source = new CancellationTokenSource();
                fitter.Fit(signal, new CancelAt(3, source), source.Token).Dispose();
            },
            runs: 2);
    }

    [Fact]
    public void Fit_CancelledLateInTheSearch_ShowsItsLastTree()
    {
        var (signal, fitter) = ClosedFormTable.Get("piecewise");
        using var _ = signal;
        using var __ = fitter;
        using var whole = fitter.Fit(signal);
        using var source = new CancellationTokenSource();
        using var result = fitter.Fit(signal, new When(p => p.Step > 600, source.Cancel), source.Token);
        result.Status.Should().Be(FitStatus.Cancelled);
        result.Psnr.Should().BeInRange(whole.Psnr - 12, whole.Psnr);
        result.Representation.FloatCount.Should().BeGreaterThan(500);
    }

    [Fact]
    public void Fit_CancelledWhileItRefines_KeepsWhatItHas()
    {
        var (signal, fitter) = ClosedFormTable.Get("piecewise, refined");
        using var _ = signal;
        using var __ = fitter;
        using var plain = new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = 900, Threads = 2 });
        using var before = plain.Fit(signal);
        using var source = new CancellationTokenSource();
        using var result = fitter.Fit(signal, new When(p => p.Step >= 540, source.Cancel), source.Token);
        result.Status.Should().Be(FitStatus.Cancelled);
        result.Psnr.Should().BeGreaterThanOrEqualTo(before.Psnr - 1e-6);
    }

    // Reports come from every item of a stage here, so the token falls in the midst of the loops of each kind.
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(0.8)]
    [InlineData(0.97)]
    public void Loops_StopWithinAnItemOfEachThread(double share)
    {
        const int Threads = 2;
        using var picture = FitterContract.TestImage(90, 120);
        var options = new PiecewiseSearchOptions(2, 64, true, true, true, false, 16, Threads);
        using var source = new CancellationTokenSource();
        FitMonitor monitor = null!;
        long atCancel = 0;
        void CancelOnce()
        {
            if (source.IsCancellationRequested)
                return;
            source.Cancel();
            atCancel = monitor.Advances;
        }

        monitor = new FitMonitor(Threads, new When(p => p.Step >= 1000 * share, CancelOnce), reportEvery: 0, source.Token);

        using var result = new GridFit(picture, options, 0, false, 2000, monitor).Fit(picture);

        source.IsCancellationRequested.Should().BeTrue();
        result.Status.Should().Be(FitStatus.Cancelled);
        (monitor.Advances - atCancel).Should().BeLessThanOrEqualTo(Threads);
    }

    [Fact]
    public void LongItems_LookAtTheToken()
    {
        var ended = new CancellationToken(true);
        var monitor = new FitMonitor(1, cancellation: ended);
        double[][] columns = [[1, 2, 3], [3, 1, 2]];
        Action[] items =
        [
            () => _ = new LeastSquares(columns, 3, ended),
            () => _ = RegionBasis.Create([4, 4], [0, 1, 2, 3], [0, 1, 2, 3], 0.6, ended),
            () => _ = PrefixOrders.Get([3, 29], 1, ended),
            () => _ = CutDictionary.Get([9, 10], monitor),
            () => _ = new ArcSearch([4, 4], [new double[16]], ended).Bend([0.3, 0.1]),
            () => _ = new TreeAllocator(new BoxLattice([8, 8], 2, 4), ended).Solve(new LeafTable(new BoxLattice([8, 8], 2, 4).BoxCount), 1),
            () => _ = FrequencyOrder.Lowest([8, 8], 9, ended),
            () => _ = CutSolver.Solve([4, 4], [0.3, 0.1], 0.5, [0, 1], [0, 1], [new double[16]], ended),
            () => monitor.For(3, _ => { }),
            () => monitor.Begin(1),
            () => monitor.Advance(),
        ];
        foreach (var item in items)
            item.Should().Throw<OperationCanceledException>();
    }

    private static void Sound(FitResult result, Signal signal, int budget)
    {
        result.Representation.FloatCount.Should().BeLessThanOrEqualTo(budget);
        result.Message.Should().NotBeEmpty();
        using var scope = NewDisposeScope();
        double error = (result.Representation.Evaluate(signal.Coordinates) - signal.Values).to(float64).square().mean().item<double>();
        error.Should().BeApproximately(result.Loss, (2e-3 * result.Loss) + 1e-9, "the reported loss is that of the returned parameters");
        if (signal.Domain.IsGrid)
            result.Representation.Render().SampleCount.Should().Be(signal.SampleCount);
    }

    private sealed class CancelAt(int report, CancellationTokenSource source) : IProgress<FitProgress>
    {
        private int _reports;

        public void Report(FitProgress value)
        {
            if (++_reports == report)
                source.Cancel();
        }
    }

    private sealed class When(Func<FitProgress, bool> where, Action then) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (where(value))
                then();
        }
    }
}
