using Inr.Losses;
using Inr.Optimization;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.Mlp.Engine;

/// <summary>Perceptrons choose the engine by themselves wherever no graph is asked for, and one switch gives the work back to libtorch.</summary>
public sealed class EngineChoiceTests : IDisposable
{
    private static readonly Siren Target = new(2, 3, new SirenOptions { Width = 40, HiddenLayers = 2, OutputOffset = 0.5 });

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        PerceptronEngine.IsEnabled = true;
        _scope.Dispose();
    }

    [Fact]
    public void Bound_RendersAndEvaluatesAsLibtorchDoes()
    {
        var theta = Target.Initialize();
        int[] shape = [37, 53];
        (double, double)[] window = [(-0.5, 0.25), (0.1, 0.9)];
        using var engine = Target.Bind(theta);
        PerceptronEngine.Computes(Target).Should().BeTrue();
        PerceptronEngine.IsEnabled = false;
        PerceptronEngine.Computes(Target).Should().BeFalse();
        using var libtorch = Target.Bind(theta);
        Close.ShouldBeClose(engine.Render(shape), libtorch.Render(shape), 2e-6);
        Close.ShouldBeClose(engine.Render(shape, window), libtorch.Render(shape, window), 2e-6);
        Close.ShouldBeSame(engine.Render(shape), engine.Evaluate(CoordinateGrid.Create(shape)), "a grid is its points");
        Close.ShouldBeSame(engine.Evaluate(CoordinateGrid.Create(shape), chunk: 7), engine.Render(shape), "pieces do not matter");
        Close.ShouldBeClose(engine.Jacobian(CoordinateGrid.Create([3, 4])), libtorch.Jacobian(CoordinateGrid.Create([3, 4])), 1e-6);
        engine.Evaluate(zeros(0, 2)).shape.Should().Equal(0, 3);
    }

    [Fact]
    public void Bound_OfDoublePrecision_KeepsIt()
    {
        var theta = Target.Initialize().To(float64);
        using var bound = Target.Bind(theta);
        var x = CoordinateGrid.Create([8, 9], dtype: float64);
        Close.ShouldBeClose(bound.Evaluate(x), Target.Evaluate(theta, x), 1e-14);
    }

    [Fact]
    public void Evaluate_WithAGraph_IsThatOfLibtorch()
    {
        var theta = Target.Initialize().AsLeaves();
        var x = CoordinateGrid.Create([8, 9]);
        Target.Evaluate(theta, x).requires_grad.Should().BeTrue();
        using var _ = no_grad();
        Target.Evaluate(theta, x).requires_grad.Should().BeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Fit_SaysWhichEngineRan_AndReachesTheSame(long seed)
    {
        using var image = FitterContract.TestImage();
        FitResult Fit(bool enabled, int? batch = null)
        {
            PerceptronEngine.IsEnabled = enabled;
            return new GradientFitter(Target, new GradientFitterOptions { Steps = 60, LearningRate = 1e-3, BatchSize = batch, Seed = seed }).Fit(image);
        }

        using var engine = Fit(true);
        using var libtorch = Fit(false);
        engine.Engine.Should().Be(PerceptronEngine.Name).And.StartWith("fused (");
        libtorch.Engine.Should().Be("libtorch");
        engine.Psnr.Should().BeApproximately(libtorch.Psnr, 0.1);
        using var again = Fit(true);
        Close.ShouldBeSame(again.Representation.Parameters[0], engine.Representation.Parameters[0], "the same seed gives the same bits");
        using var batched = Fit(true, batch: 100);
        batched.Engine.Should().Be(PerceptronEngine.Name);
    }

    [Fact]
    public void Fit_OfAnotherLoss_IsThatOfLibtorch()
    {
        using var image = FitterContract.TestImage();
        using var result = new GradientFitter(Target, new GradientFitterOptions { Steps = 2, Loss = new Loss { Error = PointwiseError.Absolute } }).Fit(image);
        result.Engine.Should().Be("libtorch");
    }

    [Fact]
    public void Fit_ThatDiverges_SaysSo()
    {
        using var image = FitterContract.TestImage();
        var theta = Target.Initialize();
        theta[0].fill_(double.NaN);
        var fit = () => new GradientFitter(Target, new GradientFitterOptions { Steps = 5 }).FitFrom(theta, image);
        fit.Should().Throw<DivergedException>().Which.Step.Should().Be(1);
    }

    [Fact]
    public void Step_ThatIsCancelledOnItsWay_Ends_AndLeavesTheStateBefore()
    {
        using var image = FitterContract.TestImage();
        using var source = new CancellationTokenSource();
        using var theta = Target.Initialize();
        var samples = LossSamples.Of(image).Until(source.Token);
        var loss = new LossFunction(Target);
        using (var scope = NewDisposeScope())
            loss.Differentiate(theta, samples).Kernel.Should().StartWith("fused");
        source.Cancel();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        loss.Invoking(l => l.Differentiate(theta, samples)).Should().Throw<OperationCanceledException>();
        (DisposeScopeManager.Statistics.ThreadTotalLiveCount - before).Should().Be(0);

        using var during = new CancellationTokenSource();
        var loop = new StepLoop { Optimizer = new FirstOrderOptimizer(new SgdRule()), Steps = 10, LearningRate = 1e-3 };
        using var end = loop.Run(loss.Moved(theta), step => moved =>
        {
            if (step == 3)
                during.Cancel();
            var found = loss.Differentiate(moved, loss.Assembly(theta), LossSamples.Of(image).Until(during.Token));
            return (found.Losses, [.. found.Gradients]);
        }, cancellationToken: during.Token);
        end.Status.Should().Be(FitStatus.Cancelled);
        end.Steps.Should().Be(3);
        end.Tensors.Should().HaveCount(loss.Moved(theta).Length);
    }

    [Fact]
    public void Steps_LeaveNoTensors()
    {
        using var image = FitterContract.TestImage();
        var fitter = new GradientFitter(Target, new GradientFitterOptions { Steps = 3 });
        fitter.Fit(image).Dispose();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        fitter.Fit(image).Dispose();
        (DisposeScopeManager.Statistics.ThreadTotalLiveCount - before).Should().Be(0);
    }
}
