using Inr.Tests.Losses;

namespace Inr.Tests.Fitting;

/// <summary>Awaited fits: one thread from first to last, the same numbers, and cancellation as .NET expects it.</summary>
public sealed class FitAsyncTests
{
    [Fact]
    public async Task FitAsync_GivesTheBitsOfFit()
    {
        using var signal = Line();
        using var fitter = Fitter(steps: 20);
        using var expected = fitter.Fit(signal);
        using var actual = await fitter.FitAsync(signal);
        actual.Loss.Should().Be(expected.Loss);
        actual.Representation.Parameters.Flatten().eq(expected.Representation.Parameters.Flatten()).all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task FitAsync_RunsOnOneThreadThatIsNotTheCallers()
    {
        using var signal = Line();
        using var fitter = Fitter(steps: 30);
        var seen = new HashSet<int>();
        using var fit = await fitter.FitAsync(signal, new Inline(_ => seen.Add(Environment.CurrentManagedThreadId)));
        seen.Should().ContainSingle().Which.Should().NotBe(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public async Task FitAsync_Cancelled_ThrowsWithTheBestState()
    {
        using var signal = Line();
        using var fitter = Fitter(steps: 100_000);
        using var source = new CancellationTokenSource();
        var act = () => fitter.FitAsync(signal, new Inline(_ => source.Cancel()), source.Token);
        var thrown = (await act.Should().ThrowAsync<OperationCanceledException>()).Which;
        thrown.CancellationToken.Should().Be(source.Token);
        using var partial = thrown.Should().BeOfType<FitCanceledException>().Which.Partial;
        partial.Status.Should().Be(FitStatus.Cancelled);
        partial.Loss.Should().BePositive();
    }

    [Fact]
    public async Task FitAsync_OfAWrongSignal_ThrowsWhatFitThrows()
    {
        using var image = Signal.FromGrid(new float[12], [3, 4], 1);
        using var fitter = Fitter(steps: 1);
        await ((Func<Task>)(() => fitter.FitAsync(image))).Should().ThrowAsync<ArgumentException>();
    }

    private static Signal Line() => Signal.FromGrid(Enumerable.Range(0, 16).Select(i => MathF.Sin(0.4f * i)).ToArray(), [16], 1);

    private static GradientFitter Fitter(int steps) => new(new WaveTarget(1, 8, 1), new GradientFitterOptions { Steps = steps, LearningRate = 1e-2 });

    private sealed class Inline(Action<FitProgress> seen) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => seen(value);
    }
}
