namespace Inr.Parameterizations.Tests.ClosedForms;

/// <summary>What closed forms say while they run.</summary>
public sealed class ProgressTests
{
    [Theory, MemberData(nameof(ClosedFormTable.Names), MemberType = typeof(ClosedFormTable))]
    public void Fit_ReportsUpToTheEnd(string name)
    {
        var (signal, fitter) = ClosedFormTable.Get(name);
        using var _ = signal;
        using var __ = fitter;
        var log = new Log();
        using var result = fitter.Fit(signal, log);
        log.Reports.Should().HaveCountGreaterThan(3);
        log.Reports.Select(r => r.Step).Should().BeInAscendingOrder();
        log.Reports.Should().OnlyContain(r => r.TotalSteps == 1000 && r.Step >= 0 && double.IsFinite(r.Loss) && r.Remaining >= TimeSpan.Zero);
        log.Reports.Select(r => r.Step).Distinct().Should().HaveCountGreaterThan(2);
        log.Reports[^1].Step.Should().Be(1000);
        log.Reports[^1].Loss.Should().Be(result.Loss);
        log.Threads.Should().Equal([Environment.CurrentManagedThreadId], "listeners expect the thread that called");
    }

    [Fact]
    public void Report_OfALoss_IsThatOfTheSignalFirst()
    {
        var (signal, fitter) = ClosedFormTable.Get("piecewise");
        using var _ = signal;
        using var __ = fitter;
        var log = new Log();
        using var result = fitter.Fit(signal, log);
        using var flat = fitter.Fit(signal, cancellationToken: new CancellationToken(true));
        log.Reports[0].Loss.Should().BeApproximately(flat.Loss, 1e-6 * flat.Loss);
    }

    [Fact]
    public void Fit_WhoseListenerFails_FailsWithThatFailure()
    {
        var (signal, fitter) = ClosedFormTable.Get("piecewise");
        using var _ = signal;
        using var __ = fitter;
        ((Action)(() => fitter.Fit(signal, new Failing()))).Should().Throw<NotSupportedException>();
    }

    private sealed class Log : IProgress<FitProgress>
    {
        public List<FitProgress> Reports { get; } = [];

        public HashSet<int> Threads { get; } = [];

        public void Report(FitProgress value)
        {
            Reports.Add(value);
            Threads.Add(Environment.CurrentManagedThreadId);
        }
    }

    private sealed class Failing : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => throw new NotSupportedException();
    }
}
