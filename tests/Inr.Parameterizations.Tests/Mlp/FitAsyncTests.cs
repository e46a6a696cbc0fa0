using Inr.Testing;

namespace Inr.Parameterizations.Tests.Mlp;

public sealed class FitAsyncTests
{
    private static ISignalFitter Fitter(int steps) =>
        InrBuilder.ForImages().UseSiren(o => o with { Width = 16, HiddenLayers = 1 }).FitWith(o => o with { Steps = steps, EvaluateEvery = 1 }).Build();

    [Fact]
    public async Task FitAsync_Signal_GivesTheBitsOfFit()
    {
        using var image = FitterContract.TestImage();
        using var fitter = Fitter(20);
        using var expected = fitter.Fit(image);
        int caller = Environment.CurrentManagedThreadId;
        var threads = new HashSet<int>();

        using var result = await fitter.FitAsync(image, new Collect(_ => threads.Add(Environment.CurrentManagedThreadId)));

        for (int i = 0; i < result.Representation.Parameters.Layout.Count; i++)
            Close.ShouldBeSame(result.Representation.Parameters[i], expected.Representation.Parameters[i]);
        (result.Status, result.Steps).Should().Be((FitStatus.Completed, 20));
        threads.Should().ContainSingle().Which.Should().NotBe(caller, "the whole loop runs on one thread, which is not the caller's");
    }

    [Fact]
    public async Task FitAsync_CancelledOnTheWay_ThrowsWithTheBestSoFar()
    {
        using var image = FitterContract.TestImage();
        using var fitter = Fitter(1_000_000);
        using var source = new CancellationTokenSource();

        var task = fitter.FitAsync(image, new Collect(p =>
        {
            if (p.Step == 5)
                source.Cancel();
        }), source.Token);

        var thrown = (await ((Func<Task>)(() => task)).Should().ThrowAsync<FitCanceledException>()).Which;
        task.Status.Should().Be(TaskStatus.Canceled);
        thrown.CancellationToken.Should().Be(source.Token);
        using var partial = thrown.Result;
        (partial.Status, partial.Steps).Should().Be((FitStatus.Cancelled, 5));
        using var rendered = partial.Representation.Render();
        Psnr.Of(image, rendered).Should().BeApproximately(partial.Psnr, 1e-3, "the partial result is whole");
    }

    [Fact]
    public async Task FitAsync_CancelledBefore_DoesNotBegin()
    {
        using var image = FitterContract.TestImage();
        using var fitter = Fitter(10);

        var task = fitter.FitAsync(image, cancellationToken: new CancellationToken(canceled: true));

        await ((Func<Task>)(() => task)).Should().ThrowAsync<OperationCanceledException>().Where(e => !(e is FitCanceledException));
        task.Status.Should().Be(TaskStatus.Canceled);
    }

    [Fact]
    public async Task FitAsync_WrongSignal_ThrowsWhatFitThrows()
    {
        using var sound = Signal.FromGrid(new float[8], [8], 1);
        using var fitter = Fitter(10);

        await ((Func<Task>)(() => fitter.FitAsync(sound))).Should().ThrowAsync<ArgumentException>();
    }

    private sealed class Collect(Action<FitProgress> seen) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => seen(value);
    }
}
