using System.Diagnostics;
using Inr.Optimization;
using Inr.Testing;

namespace Inr.Tests.Fitting;

/// <summary>The loop of steps on a parabola, whose steps are known in closed form.</summary>
public sealed class StepLoopTests
{
    private static readonly StepLoop Descent = new() { Optimizer = new FirstOrderOptimizer(new SgdRule()), Steps = 10, LearningRate = 0.1 };

    // Loss x², gradient 2x: x ← x·(1 − 2η).
    private static LossWithGradient Parabola(int step) => moved => (moved[0].square().sum(), [moved[0] * 2]);

    [Fact]
    public void Run_WithoutJudge_ReturnsTheLastState()
    {
        using var start = ones(1, float64);
        using var end = Descent.Run([start], Parabola);
        Value(end).Should().BeApproximately(Math.Pow(0.8, 10), 1e-12);
        start.item<double>().Should().Be(1, "the caller keeps what the loop starts from");
        (end.Status, end.Steps).Should().Be((FitStatus.Completed, 10));
        end.Loss.Should().BeApproximately(Math.Pow(0.8, 18), 1e-12, "it is the one that the last step saw");
        end.Divergence.Should().BeNull();
    }

    [Fact]
    public void Run_WithSchedule_FollowsIt()
    {
        using var start = ones(1, float64);
        using var end = (Descent with { Steps = 3, Schedule = new LearningRateSchedule((t, n) => (t + 1.0) / n) }).Run([start], Parabola);
        Value(end).Should().BeApproximately((1 - 0.2 / 3) * (1 - 0.4 / 3) * (1 - 0.2), 1e-12);
    }

    [Theory, InlineData(StepLoss.Exact, 7), InlineData(StepLoss.OfAll, 7), InlineData(StepLoss.OfSome, 8)]
    public void Run_TargetLoss_EndsWhereAJudgementReachesIt(StepLoss kind, int steps)
    {
        using var start = ones(1, float64);
        int judged = 0;
        // 0.8^12 = 0.069 after 6 steps, 0.8^14 = 0.044 after 7.
        using var end = (Descent with
        {
            Steps = 100,
            TargetLoss = 0.05,
            StepLoss = kind,
            ReportEvery = 4,
            Judge = moved =>
        {
            judged++;
            return Square(moved);
        }
        }).Run([start], Parabola);
        end.Status.Should().Be(FitStatus.TargetReached);
        // A step of all samples that promises is confirmed at once; drawn samples wait for the next judgement.
        end.Steps.Should().BeInRange(steps, kind == StepLoss.OfAll ? steps + 1 : steps);
        end.Loss.Should().BeLessThanOrEqualTo(0.05);
        if (kind == StepLoss.Exact)
            judged.Should().Be(0, "steps judge themselves");
    }

    [Fact]
    public void Run_ThatGetsWorse_ReturnsTheBestState()
    {
        using var start = full([1], 0.25, float64);
        // A rate of 1.5 doubles x with each step: the start is the best.
        using var end = (Descent with { LearningRate = 1.5, StepLoss = StepLoss.Exact, Judge = Square }).Run([start], Parabola);
        Value(end).Should().Be(0.25);
        end.Tensors![0].Should().NotBeSameAs(start);
        end.Loss.Should().Be(0.0625);
        end.Steps.Should().Be(10);
    }

    [Theory, InlineData(1e-9, 1), InlineData(1_000, 1_000)]
    public void Run_ThatExplodes_IsJudgedByScaleAndStart(double scale, double larger)
    {
        using var start = ones(1, float64);
        // x ← −3x: the loss grows 9 times with each step, from 1.
        using var end = (Descent with { LearningRate = 2, Steps = 100, LossScale = scale, StepLoss = StepLoss.Exact, Judge = _ => 0.5 }).Run([start], Parabola);
        end.Divergence.Should().NotBeNull();
        double limit = 1_000 * larger;
        int step = (int)Math.Ceiling(Math.Log(limit) / Math.Log(9)) + 1;
        end.Divergence!.Value.Step.Should().Be(step);
        end.Divergence.Value.Loss.Should().BeGreaterThan(limit).And.BeLessThanOrEqualTo(9 * limit);
        Value(end).Should().Be(1, "the best state is kept");
    }

    [Fact]
    public void Run_OfNaN_SaysAtWhichStep_UnlessNobodyLooks()
    {
        using var start = ones(1, float64);
        LossWithGradient Broken(int step) => moved => (step == 3 ? full([], double.NaN, float64) : moved[0].square().sum(), [moved[0] * 2]);
        using (var end = Descent.Run([start], Broken))
            end.Divergence!.Value.Step.Should().Be(4);
        using (var blind = (Descent with { LookEvery = null }).Run([start], Broken))
        {
            blind.Divergence.Should().BeNull();
            blind.Steps.Should().Be(10);
            blind.Loss.Should().Be(double.NaN);
        }
    }

    [Fact]
    public void Run_TimeLimit_EndsWithinAStepAndLowersTheRateWithTheTime()
    {
        using var start = ones(1, float64);
        var clock = Stopwatch.StartNew();
        double last = 1;
        var schedule = new LearningRateSchedule((t, n) => last = 1 - (double)t / n);
        using var end = (Descent with { Steps = int.MaxValue, TimeLimit = TimeSpan.FromSeconds(0.2), Schedule = schedule }).Run([start], step => moved =>
        {
            Thread.Sleep(5);
            return Parabola(step)(moved);
        });
        end.Status.Should().Be(FitStatus.TimeLimitReached);
        end.Steps.Should().BeInRange(1, 41);
        clock.Elapsed.TotalSeconds.Should().BeGreaterThanOrEqualTo(0.2);
        last.Should().BeLessThan(0.5, "the schedule is that of the time, not of two billion steps");
    }

    // A look at all samples of a large picture takes many seconds, and nobody waits for it who has pressed Ctrl-C.
    [Theory]
    [InlineData(3, 6)]
    [InlineData(100, 10)]
    public void Run_CancelledInALook_ReturnsWhatWasJudgedBefore(int lookOfCancel, int steps)
    {
        using var start = ones(1, float64);
        using var source = new CancellationTokenSource();
        int looks = 0;
        var loop = Descent with
        {
            StepLoss = StepLoss.OfSome,
            ReportEvery = 3,
            Judge = moved =>
            {
                if (++looks == lookOfCancel)
                    source.Cancel();
                source.Token.ThrowIfCancellationRequested();
                return moved[0].item<double>();
            },
        };
        using var end = loop.Run([start], Parabola, cancellationToken: source.Token);

        (end.Status, end.Steps).Should().Be((steps < 10 ? FitStatus.Cancelled : FitStatus.Completed, steps));
        end.Loss.Should().Be(end.Tensors![0].item<double>(), "the loss is that of the state");
        if (steps < 10)
            looks.Should().Be(lookOfCancel + 1, "the last look gives up at once");
    }

    [Fact]
    public void Run_CancelledInTheFirstLook_HasNothingToShow()
    {
        using var start = ones(1, float64);
        using var source = new CancellationTokenSource();
        var loop = Descent with { Judge = _ => { source.Cancel(); throw new OperationCanceledException(source.Token); } };
        loop.Invoking(l => l.Run([start], Parabola, cancellationToken: source.Token)).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Run_TimeLimitOfAnotherClock_CountsItsTimeAlone()
    {
        using var start = ones(1, float64);
        var clock = new StepClock();
        var rates = new List<double>();
        var schedule = new LearningRateSchedule((t, n) =>
        {
            rates.Add(Math.Round((double)t / n, 6));
            return 1;
        });
        var loop = Descent with { Steps = int.MaxValue, TimeLimit = TimeSpan.FromSeconds(4), TimeSource = clock, Schedule = schedule };
        using var end = loop.Run([start], step => moved =>
        {
            clock.Seconds++;
            return Parabola(step)(moved);
        });

        (end.Status, end.Steps, end.Spent).Should().Be((FitStatus.TimeLimitReached, 4, TimeSpan.FromSeconds(4)));
        rates.Should().HaveCount(4).And.BeInAscendingOrder();
        rates[^1].Should().BeInRange(0.75, 1, "the rate falls with the time that is spent");
    }

    [Fact]
    public void ProcessorTime_CountsWork()
    {
        var one = new ProcessorTime();
        var four = new ProcessorTime(4);
        long first = one.GetTimestamp(), quarter = four.GetTimestamp();
        while (one.GetElapsedTime(first) < TimeSpan.FromMilliseconds(20))
            Parabola(0);
        four.GetElapsedTime(quarter).Should().BeGreaterThan(TimeSpan.FromMilliseconds(4)).And.BeLessThan(one.GetElapsedTime(first));
        ((Action)(() => _ = new ProcessorTime(0))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Run_Cancelled_EndsBeforeTheNextStep()
    {
        using var start = ones(1, float64);
        using var source = new CancellationTokenSource();
        using var end = (Descent with { BeforeStep = (step, _) => { if (step == 4) source.Cancel(); } }).Run([start], Parabola, cancellationToken: source.Token);
        (end.Status, end.Steps).Should().Be((FitStatus.Cancelled, 5));
    }

    [Fact]
    public void Run_Reports_NowAndThenAndAtTheEnd()
    {
        using var start = ones(1, float64);
        var seen = new List<FitProgress>();
        var before = new List<(int Step, double X)>();
        using var end = (Descent with { ReportEvery = 4, BeforeStep = (step, moved) => before.Add((step, moved[0].item<double>())) }).Run([start], Parabola, new Immediate(seen.Add));
        end.History.Select(h => h.Step).Should().Equal(1, 5, 9);
        end.History[1].Loss.Should().BeApproximately(Math.Pow(0.8, 8), 1e-12);
        seen.Select(p => p.Step).Should().Equal(1, 5, 9, 10);
        seen.Should().OnlyContain(p => p.TotalSteps == 10);
        before.Select(b => b.Step).Should().Equal(Enumerable.Range(0, 10));
        before[3].X.Should().BeApproximately(0.512, 1e-12);
    }

    [Fact]
    public void Run_AnyWay_LeavesNoTensor() => LiveTensors.ShouldStayFlat(() =>
    {
        using var start = ones(1, float64);
        foreach (int steps in new[] { 0, 1, 7 })
        {
            foreach (double rate in new[] { 0.1, 1.5, 1e200 })
            {
                Descent.Run([start], Parabola).Dispose();
                (Descent with { Steps = steps, LearningRate = rate, StepLoss = StepLoss.Exact, Judge = Square, LossScale = 1 }).Run([start], Parabola).Dispose();
                (Descent with { Steps = steps, LearningRate = rate, Judge = Square, ReportEvery = 2, TargetLoss = 0.3 }).Run([start], Parabola).Dispose();
            }
        }

        ((Action)(() => Descent.Run([start], step => step == 2 ? throw new InrException("no") : Parabola(step)))).Should().Throw<InrException>();
    });

    private static double Square(IReadOnlyList<Tensor> moved) => Math.Pow(moved[0].item<double>(), 2);

    private static double Value(StepLoopResult end) => end.Tensors![0].item<double>();

    private sealed class Immediate(Action<FitProgress> report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => report(value);
    }

    /// <summary>A clock that goes by itself nowhere.</summary>
    private sealed class StepClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
