using System.Diagnostics;
using Inr.Optimization;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.Mlp;

/// <summary>The gradient fitter on networks: memory, divergence, cancellation, early stop.</summary>
public sealed class GradientFitterTests
{
    private static readonly Siren Small = new(2, 3, new SirenOptions { Width = 16, HiddenLayers = 1, OutputOffset = 0.5 });

    [Fact]
    public void Fit_OfNight_IsNotTakenForDivergence()
    {
        // Shades 2 to 4 of 255, and a start around one half: the first steps look like an explosion beside such small values.
        float[] shades = [.. Enumerable.Range(0, 32 * 32).Select(i => (2 + (i / 32 + i % 32) % 3) / 255f)];
        using var night = Signal.FromGrid(shades, [32, 32], 1);
        using var fit = new GradientFitter(new Siren(2, 1, new SirenOptions { Width = 24 }), new GradientFitterOptions { Steps = 200 }).Fit(night);
        fit.Psnr.Should().BeGreaterThan(30);
    }

    [Fact]
    public void Fit_2000Steps_KeepsTensorsAndMemoryFlat()
    {
        using var image = FitterContract.TestImage();
        using var fitter = new GradientFitter(Small, new GradientFitterOptions { Steps = 2_000, LearningRate = 1e-3 });
        using var warm = new GradientFitter(Small, new GradientFitterOptions { Steps = 200 });
        warm.Fit(image).Dispose();
        long live = LiveTensors.Count;
        long most = live;
        long before = ResidentBytes();
        using (fitter.Fit(image, new Immediate(_ => most = Math.Max(most, LiveTensors.Count))))
        {
            // Parameters now, parameters of the best state, and the optimizer's two moments: nothing grows with the steps.
            (most - live).Should().BeLessThan(60);
        }

        LiveTensors.Count.Should().Be(live);
        (ResidentBytes() - before).Should().BeLessThan(20 << 20);
    }

    [Theory]
    [InlineData(OptimizerKind.Adam, 10)]
    [InlineData(OptimizerKind.Sgd, 1e8)]
    public void Fit_TooLargeRate_ThrowsAndKeepsTheLastGoodState(OptimizerKind optimizer, double rate)
    {
        using var image = FitterContract.TestImage();
        using var fitter = new GradientFitter(Small, new GradientFitterOptions { Steps = 200, LearningRate = rate, Optimizer = optimizer });
        long live = LiveTensors.Count;
        var thrown = ((Action)(() => fitter.Fit(image).Dispose())).Should().Throw<DivergedException>().Which;
        thrown.Message.Should().Contain("Diverged at step").And.Contain("Lower the learning rate");
        thrown.LastGood.Should().NotBeNull();
        using (var rendered = thrown.LastGood!.Representation.Render())
            double.IsFinite(thrown.LastGood.Psnr).Should().BeTrue();
        thrown.LastGood.Dispose();
        LiveTensors.Count.Should().Be(live);
    }

    [Fact]
    public void Fit_CancelledOnTheWay_ReturnsTheBestSoFar()
    {
        using var image = FitterContract.TestImage();
        using var fitter = new GradientFitter(Small, new GradientFitterOptions { Steps = 100_000, EvaluateEvery = 10 });
        using var source = new CancellationTokenSource();
        using var result = fitter.Fit(image, new Immediate(p =>
        {
            if (p.Step > 40)
                source.Cancel();
        }), source.Token);
        result.Status.Should().Be(FitStatus.Cancelled);
        result.Steps.Should().BeInRange(41, 60);
        result.Loss.Should().BeLessThan(result.History[0].Loss);
    }

    [Fact]
    public void Fit_TargetPsnr_StopsEarlyAtIt()
    {
        using var image = FitterContract.TestImage();
        using var fitter = new GradientFitter(Small, new GradientFitterOptions { Steps = 5_000, LearningRate = 5e-3, TargetPsnr = 25 });
        using var result = fitter.Fit(image);
        result.Status.Should().Be(FitStatus.TargetReached);
        result.Psnr.Should().BeInRange(25, 27);
        result.Steps.Should().BeLessThan(1_000);
    }

    [Fact]
    public void Fit_NoSteps_ReturnsTheInitialParameters()
    {
        using var image = FitterContract.TestImage();
        using var fitter = new GradientFitter(Small, new GradientFitterOptions { Steps = 0, Seed = 5 });
        using var result = fitter.Fit(image);
        using var generator = new Generator(5);
        using var initial = Small.Initialize(generator);
        Close.ShouldBeSame(result.Representation.Parameters[0], initial[0]);
        result.Steps.Should().Be(0);
    }

    [Fact]
    public void Step_PiecesOfAnySize_GiveTheSameGradientStep()
    {
        using var image = FitterContract.TestImage();
        using var scope = NewDisposeScope();
        var start = Small.Initialize();
        Tensor After(int pass)
        {
            using var fitter = new GradientFitter(Small, new GradientFitterOptions { SamplesPerPiece = pass, Optimizer = OptimizerKind.Sgd, LearningRate = 0.1 });
            var (next, state) = fitter.Step(start, fitter.Initialize(start), image);
            return (next.Flatten() - start.Flatten());
        }

        Close.ShouldBeClose(After(17), After(1_000_000), 1e-4);
    }

    [Fact]
    public void Step_LeavesParametersAndStateAsTheyWere()
    {
        using var image = FitterContract.TestImage();
        using var scope = NewDisposeScope();
        using var fitter = new GradientFitter(Small);
        var start = Small.Initialize();
        var copy = start.Flatten().clone();
        var state = fitter.Initialize(start);
        var (_, first) = fitter.Step(start, state, image);
        var (_, again) = fitter.Step(start, state, image);
        Close.ShouldBeSame(start.Flatten(), copy);
        state.Step.Should().Be(0);
        for (int i = 0; i < first.Optimizer.Tensors.Count; i++)
            Close.ShouldBeSame(first.Optimizer.Tensors[i], again.Optimizer.Tensors[i]);
    }

    [Fact]
    public void Fit_FrozenFrequencies_StayAsDrawn()
    {
        using var image = FitterContract.TestImage();
        var target = new FourierFeatureMlp(2, 3, new FourierFeatureMlpOptions { Width = 8, Depth = 2, Frequencies = 4 });
        using var fitter = new GradientFitter(target, new GradientFitterOptions { Steps = 20, WeightDecay = 0.1 });
        using var result = fitter.Fit(image);
        using var generator = new Generator(0);
        using var initial = target.Initialize(generator);
        Close.ShouldBeSame(result.Representation.Parameters["frequencies"], initial["frequencies"]);
        using var change = result.Representation.Parameters["0.weight"] - initial["0.weight"];
        using var size = change.abs().sum();
        size.item<float>().Should().BeGreaterThan(0);
    }

    [Fact]
    public void Fit_FromGoodStart_NeverReturnsWorse()
    {
        using var image = FitterContract.TestImage();
        using var good = new GradientFitter(Small, new GradientFitterOptions { Steps = 300, LearningRate = 5e-3 }).Fit(image);
        using var wild = new GradientFitter(Small, new GradientFitterOptions { Steps = 20, LearningRate = 0.05, Schedule = LearningRateSchedule.Constant });
        using var result = wild.FitFrom(good.Representation.Parameters, image);
        result.Loss.Should().BeLessThanOrEqualTo(good.Loss * (1 + 1e-5));
    }

    private static long ResidentBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private sealed class Immediate(Action<FitProgress> report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => report(value);
    }
}
