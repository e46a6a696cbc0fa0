using Inr.Losses;
using Inr.Testing;

namespace Inr.Tests.Losses;

/// <summary>The loss against its definition: masks, batches, pieces, gradients of the first and the second order, terms.</summary>
public sealed class LossFunctionTests : IDisposable
{
    private static readonly WaveTarget Target = new(2, 4, 3);

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Of_OneSignal_IsTheMeanOverSamplesAndChannels()
    {
        var theta = Theta(0);
        var samples = Samples(6, 1);
        var expected = (Target.Evaluate(theta, samples.AllPlaces) - samples.Values).square().mean();
        Close.ShouldBeClose(new LossFunction(Target).Of(theta, samples), expected, 1e-14);
        Close.ShouldBeClose(new LossFunction(Target).ValueOf(theta, samples), expected, 1e-14);
        Close.ShouldBeClose(new LossFunction(Target).Differentiate(theta, samples).Losses, expected, 1e-14);
    }

    [Theory, InlineData(1_000), InlineData(7), InlineData(3)]
    public void Masked_Batch_IsEachSignalWithoutItsPadding(int samplesPerPiece)
    {
        var batch = Padded(out var alone);
        var theta = ParameterSet.Stack([Theta(0), Theta(1), Theta(2)]);
        var function = new LossFunction(Target, new Loss { Error = PointwiseError.Huber(0.3) }, samplesPerPiece: samplesPerPiece);

        var losses = function.Of(theta, batch);
        var values = function.ValueOf(theta, batch);
        var found = function.Differentiate(theta, batch);

        losses.shape.Should().Equal(3);
        for (int b = 0; b < 3; b++)
        {
            var single = function.Differentiate(theta.Select(b), alone[b]);
            Close.ShouldBeClose(losses[b], single.Losses, 1e-12);
            Close.ShouldBeClose(values[b], single.Losses, 1e-12);
            Close.ShouldBeClose(found.Losses[b], single.Losses, 1e-12);
            for (int i = 0; i < 2; i++)
                Close.ShouldBeClose(found.Gradients[i][b], single.Gradients[i], 1e-11);
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Differentiate_InPieces_IsThatOfOnePass(bool mean)
    {
        var theta = ParameterSet.Stack([Theta(0), Theta(1), Theta(2)]);
        var samples = new LossSamples(Uniform([8, 2], 4), Uniform([3, 8, 3], 5));
        LossGradient In(int pieces)
        {
            var function = new LossFunction(Target, samplesPerPiece: pieces);
            return function.Differentiate(function.Moved(theta), function.Assembly(theta), samples, mean: mean);
        }

        var whole = In(1_000);
        // By signals, by samples, and with a last piece that is shorter.
        foreach (int pieces in new[] { 16, 8, 3, 1 })
        {
            var found = In(pieces);
            Close.ShouldBeClose(found.Losses, whole.Losses, 1e-12);
            for (int i = 0; i < 2; i++)
                Close.ShouldBeClose(found.Gradients[i], whole.Gradients[i], 1e-11);
        }

        var (sum, divisor) = (new LossFunction(Target).Differentiate(theta, samples), mean ? 3 : 1);
        Close.ShouldBeClose(whole.Gradients[0] * divisor, sum.Gradients[0], 1e-12);
    }

    [Theory, InlineData(1_000), InlineData(3)]
    public void Differentiate_InWhatThetaIsMadeOf_GoesThroughTheMaking(int samplesPerPiece)
    {
        var theta = Theta(0);
        var samples = Samples(8, 1);
        var code = Uniform([1], 9);
        // θ = s·θ₀: a single number moves all of θ.
        ParameterSet Make(IReadOnlyList<Tensor> moved) => theta.Map((_, t) => t * moved[0]);
        var function = new LossFunction(Target, new Loss { Terms = [Wide] }, samplesPerPiece: samplesPerPiece);
        var found = function.Differentiate([code], (moved, _, _) => Make(moved), samples);
        FiniteDifferences.RelativeError(s => function.ValueOf(Make([s]), samples).item<double>(), code, found.Gradients[0]).Should().BeLessThan(1e-7);
    }

    [Theory, InlineData(1_000), InlineData(3)]
    public void Differentiate_WithTerms_IsTheSlopeOfTheWhole(int samplesPerPiece)
    {
        var theta = Theta(0);
        var samples = Samples(8, 1);
        var loss = new Loss { Error = PointwiseError.Absolute, Terms = [LossTerm.Eikonal(0.3, 5), Wide] };
        var function = new LossFunction(Target, loss, samplesPerPiece: samplesPerPiece);
        var found = function.Differentiate(theta, samples);
        for (int i = 0; i < 2; i++)
        {
            double At(Tensor t) => function.ValueOf(theta.Map((spec, old) => spec.Name == Target.Layout[i].Name ? t : old), samples).item<double>();
            FiniteDifferences.RelativeError(At, theta[i], found.Gradients[i]).Should().BeLessThan(1e-6);
        }

        Close.ShouldBeClose(found.Losses, function.Of(theta, samples), 1e-12);
        Close.ShouldBeClose(found.Errors, new LossFunction(Target, loss with { Terms = [] }).Of(theta, samples), 1e-12);
        found.Losses.item<double>().Should().BeGreaterThan(found.Errors.item<double>());
    }

    [Fact]
    public void Of_IsDifferentiableTwice()
    {
        var samples = Samples(8, 1);
        var function = new LossFunction(Target);
        // The squared length of the gradient is a function of the second order.
        Tensor Length(Tensor inner, Tensor outer, bool keep)
        {
            var loss = function.Of(new ParameterSet(Target.Layout, [inner, outer]), samples);
            return autograd.grad([loss], [inner], create_graph: keep, retain_graph: keep)[0].square().sum();
        }

        var theta = Theta(0).AsLeaves();
        var second = autograd.grad([Length(theta[0], theta[1], true)], [theta[0]])[0];
        FiniteDifferences.RelativeError(a => Length(a.detach().requires_grad_(), theta[1].detach(), false).item<double>(), theta[0].detach(), second).Should().BeLessThan(1e-6);
    }

    [Fact]
    public void EmptyMask_IsNamedWhereverALossIsAsked()
    {
        var x = zeros([3, 2], float64);
        var y = zeros([2, 3, 3], float64);
        var mask = tensor(new double[] { 1, 1, 0, 0, 0, 0 }).reshape(2, 3);
        ((Func<object>)(() => new LossSamples(x, y, mask))).Should().Throw<ArgumentException>().WithMessage("*Signal 1*mask is 0 everywhere*");
        using var batch = new SignalBatch(x.clone(), y.clone(), mask.clone());
        ((Action)(() => LossSamples.Of(batch))).Should().Throw<ArgumentException>().WithMessage("*Signal 1*");
        ((Func<object>)(() => new LossSamples(zeros([3, 2]), zeros([3, 3]), full([3], float.NaN)))).Should().Throw<ArgumentException>().WithMessage("*mask*");
        ((Func<object>)(() => new LossSamples(zeros([0, 2]), zeros([0, 3])))).Should().Throw<ArgumentException>().WithMessage("*at least one sample*");
    }

    [Fact]
    public void WhatDoesNotFit_IsRefusedWithBothShapes()
    {
        var theta = Theta(0);
        var function = new LossFunction(Target);
        ((Action)(() => function.Of(theta, new LossSamples(zeros([4, 1], float64), zeros([4, 3], float64))))).Should().Throw<ArgumentException>().WithMessage("*2 coordinates to 3 values*1 and 3*");
        ((Action)(() => function.ValueOf(theta, new LossSamples(zeros([4, 2], float64), zeros([4, 1], float64))))).Should().Throw<ArgumentException>().WithMessage("*2 and 1*");
        ((Func<object>)(() => new LossSamples(zeros([4, 2]), zeros([5, 3])))).Should().Throw<ArgumentException>().WithMessage("*[4,2]*[5,3]*");
        ((Func<object>)(() => new LossSamples(zeros([4, 2]), zeros([4, 3]), ones(3)))).Should().Throw<ArgumentException>().WithMessage("*[4]*[3]*");
        ((Action)(() => function.Differentiate(theta, new LossSamples(zeros([4, 2], float64), zeros([2, 4, 3], float64))))).Should().Throw<ArgumentException>().WithMessage("*leading axis of 2*");
        ((Func<object>)(() => new LossFunction(Target, ridge: 1e-4))).Should().Throw<ArgumentException>().WithMessage("*SolveLinearPart*'wave'*");
        ((Action)(() => LossTerm.Eikonal(-1))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Anything_LeavesNoTensor()
    {
        var theta = ParameterSet.Stack([Theta(0), Theta(1), Theta(2)]);
        var batch = Padded(out _);
        var function = new LossFunction(Target, new Loss { Terms = [LossTerm.Eikonal(0.1, 4)] }, samplesPerPiece: 3);
        LiveTensors.ShouldStayFlat(() =>
        {
            using var scope = NewDisposeScope();
            function.Of(theta, batch);
            function.ValueOf(theta, batch);
            function.Differentiate(theta, batch);
        });
    }

    private static LossTerm Wide => LossTerm.From(0.7, (target, theta, noise) => theta[0].square().sum() + theta[1].sin().sum());

    private static Tensor Uniform(long[] shape, long seed) => rand(shape, float64, generator: new Generator((ulong)seed)) * 2 - 1;

    private static ParameterSet Theta(long seed) => Target.Initialize(new Generator((ulong)seed)).To(float64);

    private static LossSamples Samples(long count, long seed) => new(Uniform([count, 2], seed), Uniform([count, 3], seed + 100));

    // Three signals of 2, 5 and 4 samples; the padding holds numbers that would be seen.
    private static LossSamples Padded(out LossSamples[] alone)
    {
        var x = Uniform([3, 5, 2], 11);
        var y = Uniform([3, 5, 3], 12) * 10;
        long[] counts = [2, 5, 4];
        alone = [.. counts.Select((n, b) => new LossSamples(x[b].narrow(0, 0, n), y[b].narrow(0, 0, n)))];
        var mask = stack([.. counts.Select(n => arange(5).lt(n).to(float64))]);
        return new LossSamples(x, y, mask);
    }
}
