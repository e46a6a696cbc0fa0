using Inr.Losses;
using Inr.Testing;
using Inr.Tests.Losses;
using Microsoft.Extensions.Options;

namespace Inr.Tests.Fitting;

/// <summary>Fits that lower something else than the mean squared error of values, and what they report.</summary>
public sealed class GradientFitterLossTests
{
    private static readonly PlaneTarget Plane = new(2, 1);

    [Fact]
    public void Fit_WithRobustError_PassesByWrongSamples()
    {
        using var signal = Outliers(out var slope);
        FitResult Fit(PointwiseError error) => new GradientFitter(Plane, new GradientFitterOptions { Steps = 400, LearningRate = 0.02, Loss = new Loss { Error = error } }).Fit(signal);
        double Distance(FitResult fit)
        {
            using var scope = NewDisposeScope();
            return (fit.Representation.Parameters[0].squeeze(1) - tensor(slope)).norm().item<float>();
        }

        using var robust = Fit(PointwiseError.Huber(0.01));
        using var squares = Fit(PointwiseError.Squared);
        Distance(robust).Should().BeLessThan(0.02);
        Distance(squares).Should().BeGreaterThan(0.2, "one sample in eight is wrong");

        // What is reported is the mean of the error that was lowered, and a PSNR of squares beside it.
        using var scope = NewDisposeScope();
        var predicted = robust.Representation.Evaluate(signal.Coordinates);
        robust.Loss.Should().BeApproximately(PointwiseError.Huber(0.01).Of(predicted, signal.Values).mean().item<float>(), 1e-7);
        robust.MeanSquaredError.Should().BeApproximately((predicted - signal.Values).square().mean().item<float>(), 1e-6);
        robust.Psnr.Should().BeApproximately(-10 * Math.Log10(robust.MeanSquaredError), 1e-12);
        robust.Message.Should().Contain("Huber error of 0.01").And.Contain($"{robust.Psnr:0.00} dB");
        squares.ErrorName.Should().Be("squared error");
        squares.MeanSquaredError.Should().Be(squares.Loss);
        squares.Message.Should().NotContain("error");
    }

    [Fact]
    public void Fit_OfGradients_FindsTheFunctionUpToAConstant()
    {
        using var scope = NewDisposeScope();
        using var signal = new Signal(rand([20, 2], generator: new Generator(1)), tensor(new[] { 0.3f, -0.7f }).expand(20, 2).clone());
        using var fit = new GradientFitter(Plane, new GradientFitterOptions { Steps = 300, LearningRate = 0.05, Loss = new Loss { Observation = Observation.Gradient } }).Fit(signal);
        Close.ShouldBeClose(fit.Representation.Parameters[0].squeeze(1), tensor(new[] { 0.3f, -0.7f }), 1e-3);
        fit.Representation.Domain.Dimension.Should().Be(2);
        ((Action)(() => new GradientFitter(Plane).Fit(signal))).Should().Throw<ArgumentException>().WithMessage("*2 coordinates to 1 values*2 and 2*");
    }

    [Fact]
    public void Fit_WithTerm_ReportsTheErrorAlone()
    {
        using var scope = NewDisposeScope();
        using var signal = new Signal(rand([20, 2], generator: new Generator(1)), zeros([20, 1]));
        // The samples ask for slope 0, the term for length 1.
        using var fit = new GradientFitter(Plane, new GradientFitterOptions { Steps = 200, LearningRate = 0.02, Loss = new Loss { Terms = [LossTerm.Eikonal(10, 8)] } }).Fit(signal);
        fit.Representation.Parameters[0].norm().item<float>().Should().BeApproximately(1, 0.02f);
        fit.Loss.Should().BeApproximately(Plane.Evaluate(fit.Representation.Parameters, signal.Coordinates).square().mean().item<float>(), 1e-6);
    }

    [Fact]
    public void Fit_OfDarkSignal_IsNotTakenForDivergence()
    {
        using var scope = NewDisposeScope();
        // Values of about 1/100, and a start that is wrong by about 1.
        using var signal = new Signal(rand([50, 2], generator: new Generator(1)), full([50, 1], 0.001f));
        using var fit = new GradientFitter(Plane, new GradientFitterOptions { Steps = 200, LearningRate = 0.02 }).Fit(signal);
        fit.Psnr.Should().BeGreaterThan(40);
    }

    [Theory, InlineData(1e30, "1e30"), InlineData(2e5, "200000")]
    public void Fit_ThatDiverges_PrintsTheRateToLower(double rate, string printed)
    {
        using var signal = Outliers(out _);
        var fitter = new GradientFitter(Plane, new GradientFitterOptions { Steps = 50, LearningRate = rate });
        var thrown = ((Action)(() => fitter.Fit(signal))).Should().Throw<DivergedException>().Which;
        thrown.Message.Should().Contain($"(now {printed};");
        thrown.LastGood!.Dispose();
    }

    [Fact]
    public void Diverged_OfSmallRate_DoesNotPrintZero()
    {
        using var scope = NewDisposeScope();
        using var signal = new Signal(rand([50, 2], generator: new Generator(1)), full([50, 1], 1e18f));
        var fitter = new GradientFitter(Plane, new GradientFitterOptions { Steps = 50, LearningRate = 1e-5, Loss = new Loss { Error = PointwiseError.From("broken", (f, y) => (f - y) * float.NaN) } });
        ((Action)(() => fitter.Fit(signal))).Should().Throw<DivergedException>().WithMessage("*(now 1e-5;*").Which.LastGood.Should().BeNull();
    }

    [Fact]
    public void Fit_FirstMinibatch_IsNotDrawnFromTheStreamOfTheInitialParameters()
    {
        using var scope = NewDisposeScope();
        using var signal = FitterContract.TestImage(channels: 1);
        const int Size = 7;
        using var first = new Generator(0);
        var reused = randint(0, signal.SampleCount, [Size], dtype: int64, generator: first);
        // One step of descent on a minibatch shows which samples were drawn.
        var options = new GradientFitterOptions { Steps = 1, BatchSize = Size, LearningRate = 1, Optimizer = OptimizerKind.Sgd, Momentum = 0 };
        var fitter = new GradientFitter(Plane, options);
        using var start = Plane.Initialize();
        var (next, state) = fitter.Step(start, fitter.Initialize(start), signal);
        var gradient = new LossFunction(Plane).Differentiate(start, LossSamples.At(signal, reused)).Gradients[0];
        (start[0] - next[0] - gradient).abs().max().item<float>().Should().BeGreaterThan(1e-4f);
        next.Dispose();
        state.Dispose();
    }

    [Fact]
    public void Fit_TimeLimit_EndsInTime()
    {
        using var signal = Outliers(out _);
        using var fit = new GradientFitter(Plane, new GradientFitterOptions { Steps = int.MaxValue, TimeLimit = TimeSpan.FromSeconds(0.2) }).Fit(signal);
        fit.Status.Should().Be(FitStatus.TimeLimitReached);
        fit.Message.Should().StartWith("The time limit was reached");
        fit.Steps.Should().BeGreaterThan(0);
    }

    [Fact]
    public void Options_ThatContradictTheLoss_AreRefused()
    {
        void Refuses(GradientFitterOptions options, string message) =>
            ((Func<object>)(() => new GradientFitter(Plane, options))).Should().Throw<OptionsValidationException>().WithMessage(message);
        Refuses(new GradientFitterOptions { TargetPsnr = 30, Loss = new Loss { Error = PointwiseError.Absolute } }, "*TargetPsnr*squared error*");
        Refuses(new GradientFitterOptions { TargetPsnr = 30, Loss = new Loss { Terms = [LossTerm.Eikonal()] } }, "*TargetPsnr*");
        Refuses(new GradientFitterOptions { Loss = null! }, "*GradientFitterOptions.Loss*not set*");
        Refuses(new GradientFitterOptions { TimeLimit = TimeSpan.Zero }, "*TimeLimit*above 0*");
        Refuses(new GradientFitterOptions { SamplesPerPiece = 0 }, "*SamplesPerPiece*");
    }

    // A plane through zero of which every eighth sample is far off.
    private static Signal Outliers(out float[] slope)
    {
        using var scope = NewDisposeScope();
        slope = [0.4f, -0.2f];
        var x = rand([200, 2], generator: new Generator(2));
        var y = x.mm(tensor(slope).reshape(2, 1));
        return new Signal(x, y + arange(200).remainder(8).eq(0).to(float32).unsqueeze(1) * 5);
    }
}
