using Inr.Losses;
using Inr.Testing;

namespace Inr.Tests.Losses;

/// <summary>A kernel is asked first, gives what autograd gives, and is left out where it cannot help.</summary>
public sealed class LossKernelTests : IDisposable
{
    private static readonly WaveTarget Target = new(2, 4, 3);

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Differentiate_WithKernel_AsksItOnceForAllAndGivesTheGradientOfAutograd(bool batched, bool masked)
    {
        var theta = batched ? ParameterSet.Stack([Theta(0), Theta(1), Theta(2)]) : Theta(0);
        var samples = Samples(batched, masked);
        var kernel = new CountingKernel();
        LossGradient Of(ILossKernel? asked, bool mean)
        {
            var function = new LossFunction(Target, new Loss { Kernel = asked, Terms = mean ? [] : [LossTerm.Eikonal(0.2, 3)] }, samplesPerPiece: 2);
            return function.Differentiate(function.Moved(theta), function.Assembly(theta), samples, mean: mean);
        }

        foreach (bool mean in new[] { false, true })
        {
            int before = kernel.Asked;
            var found = Of(kernel, mean);
            var expected = Of(null, mean);
            (kernel.Asked - before).Should().Be(1);
            kernel.Samples.Should().Be(6);
            Close.ShouldBeClose(found.Losses, expected.Losses, 1e-12);
            Close.ShouldBeClose(found.Errors, expected.Errors, 1e-12);
            for (int i = 0; i < 2; i++)
                Close.ShouldBeClose(found.Gradients[i], expected.Gradients[i], 1e-11);
        }
    }

    [Fact]
    public void Differentiate_InWhatThetaIsMadeOf_PullsTheKernelsGradientBack()
    {
        var theta = Theta(0);
        var samples = Samples(false, false);
        Tensor Of(ILossKernel? asked) => new LossFunction(Target, new Loss { Kernel = asked })
            .Differentiate([full([1], 0.8, float64)], (moved, _, _) => theta.Map((_, t) => t * moved[0]), samples).Gradients[0];
        var kernel = new CountingKernel();
        Close.ShouldBeClose(Of(kernel), Of(null), 1e-12);
        kernel.Asked.Should().Be(1);
    }

    [Fact]
    public void Differentiate_WithKernelThatDeclines_IsThatOfAutograd()
    {
        var theta = Theta(0);
        var samples = Samples(false, false);
        var kernel = new CountingKernel { Answers = false };
        var found = new LossFunction(Target, new Loss { Kernel = kernel }).Differentiate(theta, samples);
        Close.ShouldBeClose(found.Gradients[0], new LossFunction(Target).Differentiate(theta, samples).Gradients[0], 1e-14);
        kernel.Asked.Should().Be(1);
    }

    [Fact]
    public void Kernel_OfAnotherLossOrForAGraph_IsNotAsked()
    {
        var theta = Theta(0);
        var samples = Samples(false, false);
        var kernel = new CountingKernel();
        new LossFunction(Target, new Loss { Kernel = kernel, Error = PointwiseError.Absolute }).Differentiate(theta, samples);
        new LossFunction(Target, new Loss { Kernel = kernel }).Of(theta, samples);
        var slopes = new LossSamples(samples.AllPlaces, zeros([6, 6], float64));
        new LossFunction(Target, new Loss { Kernel = kernel, Observation = Observation.Gradient }).Differentiate(theta, slopes);
        kernel.Asked.Should().Be(0);
    }

    [Fact]
    public void Fit_WithKernel_AsksItInEachStepAndGivesTheSameFit()
    {
        using var image = FitterContract.TestImage();
        FitResult Fit(ILossKernel? kernel) => new GradientFitter(Target, new GradientFitterOptions { Steps = 30, LearningRate = 1e-2, SamplesPerPiece = 50, Loss = new Loss { Kernel = kernel } }).FitFrom(Target.Initialize(), image);
        var kernel = new CountingKernel();
        using var found = Fit(kernel);
        using var expected = Fit(null);
        kernel.Asked.Should().Be(30);
        kernel.Samples.Should().Be(image.SampleCount);
        found.Loss.Should().BeApproximately(expected.Loss, 1e-4 * expected.Loss);
    }

    private static ParameterSet Theta(long seed) => Target.Initialize(new Generator((ulong)seed)).To(float64);

    private static LossSamples Samples(bool batched, bool masked)
    {
        var noise = new Generator(8);
        long[] lead = batched ? [3, 6] : [6];
        return new LossSamples(rand([.. lead, 2], float64, generator: noise), rand([.. lead, 3], float64, generator: noise),
            masked ? stack([.. new long[] { 2, 6, 5 }.Select(n => arange(6).lt(n).to(float64))]) : null);
    }
}
