using Inr.Losses;
using Inr.Testing;

namespace Inr.Tests.Losses;

/// <summary>What is seen of a function: its values, and its gradient against the closed form.</summary>
public sealed class ObservationTests
{
    [Theory, InlineData(false), InlineData(true)]
    public void Gradient_OfWaves_IsTheClosedForm(bool batched)
    {
        using var scope = NewDisposeScope();
        var target = new WaveTarget(2, 3, 2);
        var single = target.Initialize().To(float64);
        var theta = batched ? ParameterSet.Stack([single, single.Map((_, t) => t * 0.7)]) : single;
        var x = rand([5, 2], float64, generator: new Generator(1));

        var seen = Observation.Gradient.Of(target, theta, x);

        Observation.Gradient.Channels(target).Should().Be(4);
        seen.shape.Should().Equal(batched ? [2, 5, 4] : [5, 4]);
        Tensor Expected(ParameterSet p) => cat([.. Enumerable.Range(0, 2).Select(c => (x.mm(p[0]).cos() * p[1].select(1, c)).mm(p[0].t()))], 1);
        for (int b = 0; b < (batched ? 2 : 1); b++)
            Close.ShouldBeClose(batched ? seen[b] : seen, Expected(batched ? theta.Select(b) : theta), 1e-12);
    }

    [Fact]
    public void Gradient_InNoGrad_HasNoGraph_ElseItIsDifferentiable()
    {
        using var scope = NewDisposeScope();
        var target = new WaveTarget(2, 3, 1);
        var theta = target.Initialize().To(float64).AsLeaves();
        var x = rand([4, 2], float64, generator: new Generator(1));
        using (no_grad())
            Observation.Gradient.Of(target, theta, x).requires_grad.Should().BeFalse();
        var gradient = autograd.grad([Observation.Gradient.Of(target, theta, x).square().sum()], [theta[0]])[0];
        double Loss(Tensor a) => Observation.Gradient.Of(target, new ParameterSet(target.Layout, [a, theta[1].detach()]), x).square().sum().item<double>();
        FiniteDifferences.RelativeError(Loss, theta[0].detach(), gradient).Should().BeLessThan(1e-7);
    }

    [Fact]
    public void Eikonal_OfPlane_IsTheDistanceOfItsSlopeFromOne()
    {
        using var scope = NewDisposeScope();
        using var noise = new Generator(3);
        var target = new PlaneTarget(2, 1);
        foreach (var (slope, expected) in new[] { (1f, 0.0), (0.5f, 0.5), (3f, 2.0) })
        {
            using var theta = new ParameterSet(target.Layout, [tensor(new[] { 0.6f * slope, -0.8f * slope }).reshape(2, 1)]);
            LossTerm.Eikonal(1, 7).Of(target, theta, noise).item<float>().Should().BeApproximately((float)expected, 1e-6f);
        }
    }

    [Fact]
    public void Eikonal_OfManyFunctions_KeepsThemApart()
    {
        using var scope = NewDisposeScope();
        var target = new WaveTarget(2, 3, 1);
        var theta = ParameterSet.Stack([target.Initialize(), target.Initialize(new Generator(5))]);
        Tensor Of(ParameterSet p) => LossTerm.Eikonal(1, 9).Of(target, p, new Generator(3));
        Close.ShouldBeClose(Of(theta), stack([Of(theta.Select(0)), Of(theta.Select(1))]), 1e-5);
    }
}
