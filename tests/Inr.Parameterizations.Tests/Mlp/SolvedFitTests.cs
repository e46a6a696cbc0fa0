using Inr.Optimization;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.Mlp;

/// <summary>The gradient fitter where the linear part is solved at every step (variable projection).</summary>
public sealed class SolvedFitTests
{
    private const double Ridge = 1e-9;

    private static readonly Siren Small = new(2, 3, new SirenOptions { Width = 16, HiddenLayers = 1, OutputOffset = 0.5 });

    public static TheoryData<string, int> Targets => new() { { "siren", 1_000 }, { "siren", 17 }, { "relu-mlp", 1_000 }, { "relu-mlp", 17 }, { "cell-fourier", 1_000 }, { "cell-fourier", 17 } };

    [Theory]
    [MemberData(nameof(Targets))]
    public void Step_MovesAlongTheGradientOfTheSolvedError(string kind, int samplesPerPiece)
    {
        using var scope = NewDisposeScope();
        var target = Target(kind);
        using var image = Image();
        var start = target.Initialize(new Generator(3)).To(float64);
        using var fitter = new GradientFitter(target, new GradientFitterOptions
        {
            SolveLinearPart = true,
            Ridge = Ridge,
            Optimizer = OptimizerKind.Sgd,
            Momentum = 0,
            LearningRate = 1,
            Schedule = LearningRateSchedule.Constant,
            SamplesPerPiece = samplesPerPiece,
        });

        var (next, _) = fitter.Step(start, fitter.Initialize(start), image);

        string moved = target.Layout.First(s => s.IsTrainable && !target.LinearParameters.Contains(s.Name)).Name;
        double Error(Tensor x) => SolvedError(target, start.Map((spec, t) => spec.Name == moved ? x : t), image);
        FiniteDifferences.RelativeError(Error, start[moved], start[moved] - next[moved]).Should().BeLessThan(1e-5);
        foreach (string solved in target.LinearParameters)
            Close.ShouldBeSame(next[solved], start[solved]);
    }

    [Fact]
    public void Fit_WithBatches_EndsWithTheSolutionOverAllSamples()
    {
        using var scope = NewDisposeScope();
        using var image = FitterContract.TestImage();
        using var fitter = new GradientFitter(Small, new GradientFitterOptions { Steps = 30, BatchSize = 64, SolveLinearPart = true });

        using var result = fitter.Fit(image);

        var theta = result.Representation.Parameters;
        var expected = Small.SolveLinear(theta, image.Coordinates, image.Values, new GradientFitterOptions().Ridge);
        foreach (string name in Small.LinearParameters)
            Close.ShouldBeClose(theta[name], expected[name], 1e-3);
        result.Loss.Should().BeApproximately((Small.Evaluate(theta, image.Coordinates) - image.Values).square().mean().item<float>(), 1e-6);
    }

    [Theory]
    [InlineData(OptimizerKind.Adam, 20)]
    [InlineData(OptimizerKind.Lbfgs, 10)]
    public void Fit_NeedsFewerSteps(OptimizerKind optimizer, int steps)
    {
        using var image = FitterContract.TestImage();
        double Psnr(bool solve)
        {
            using var fitter = new GradientFitter(Small, new GradientFitterOptions { Steps = steps, Optimizer = optimizer, SolveLinearPart = solve, Ridge = 1e-7 });
            using var result = fitter.Fit(image);
            return result.Psnr;
        }

        Psnr(solve: true).Should().BeGreaterThan(Psnr(solve: false) + 3);
    }

    [Fact]
    public void Fit_NoSteps_SolvesTheLinearPart()
    {
        using var image = FitterContract.TestImage();
        using var fitter = new GradientFitter(Small, new GradientFitterOptions { Steps = 0, Seed = 5, SolveLinearPart = true });
        using var result = fitter.Fit(image);
        using var generator = new Generator(5);
        using var initial = Small.Initialize(generator);
        Close.ShouldBeSame(result.Representation.Parameters[0], initial[0]);
        using var solved = Small.SolveLinear(initial, image.Coordinates, image.Values, new GradientFitterOptions().Ridge);
        Close.ShouldBeClose(result.Representation.Parameters.Tensors[^1], solved.Tensors[^1], 1e-3);
    }

    [Fact]
    public void Fit_TargetPsnr_StopsAtIt()
    {
        using var image = FitterContract.TestImage();
        using var fitter = new GradientFitter(Small, new GradientFitterOptions { Steps = 5_000, LearningRate = 5e-3, TargetPsnr = 30, EvaluateEvery = 1_000, SolveLinearPart = true });
        using var result = fitter.Fit(image);
        result.Status.Should().Be(FitStatus.TargetReached);
        result.Psnr.Should().BeGreaterThanOrEqualTo(30);
        result.Steps.Should().BeLessThan(1_000);
    }

    [Fact]
    public void Fit_ParametersBeyondFloats_ThrowsAndKeepsTheLastGoodState()
    {
        using var image = FitterContract.TestImage();
        using var fitter = new GradientFitter(new ReluMlp(2, 3, new ReluMlpOptions { Width = 8, Depth = 3 }), new GradientFitterOptions { Steps = 50, LearningRate = 1e30, SolveLinearPart = true });
        long live = LiveTensors.Count;
        var thrown = ((Action)(() => fitter.Fit(image).Dispose())).Should().Throw<DivergedException>().Which;
        thrown.LastGood.Should().NotBeNull();
        thrown.LastGood!.Dispose();
        LiveTensors.Count.Should().Be(live);
    }

    [Fact]
    public void Fit_ManySteps_KeepsTensorsFlat()
    {
        using var image = FitterContract.TestImage();
        using var fitter = new GradientFitter(Small, new GradientFitterOptions { Steps = 200, SolveLinearPart = true });
        long live = LiveTensors.Count;
        fitter.Fit(image).Dispose();
        LiveTensors.Count.Should().Be(live);
    }

    private static double SolvedError(ILinearInParameters target, ParameterSet theta, Signal image)
    {
        using var scope = NewDisposeScope();
        var solved = target.SolveLinear(theta, image.Coordinates, image.Values, Ridge);
        return (target.Evaluate(solved, image.Coordinates) - image.Values).square().mean().item<double>();
    }

    private static ILinearInParameters Target(string kind) => kind switch
    {
        "siren" => new Siren(2, 3, new SirenOptions { Width = 6, HiddenLayers = 1, OutputOffset = 0.5 }),
        "relu-mlp" => new ReluMlp(2, 3, new ReluMlpOptions { Width = 6, Depth = 3, EncodingSize = 8, MaxFrequency = 4 }),
        _ => new CellFourierTarget(2, 3, new CellFourierOptions { Cells = 2, Terms = 3 }),
    };

    private static Signal Image()
    {
        using var image = FitterContract.TestImage();
        return image.To(CPU, ScalarType.Float64);
    }
}
