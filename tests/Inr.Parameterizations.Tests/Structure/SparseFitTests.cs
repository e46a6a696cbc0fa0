using Inr.Optimization;
using Inr.Parameterizations;
using Inr.Structure;

namespace Inr.Tests.Structure;

/// <summary>Fits of sparse networks: what is dead stays dead, what lives moves as a masked Adam says, and files hold what lives.</summary>
public sealed class SparseFitTests
{
    private static readonly Siren Network = new(2, 3, new SirenOptions { Width = 24, HiddenLayers = 2 });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fit_WithAMask_IsTheMaskedAdam_StepByStep(bool engine)
    {
        bool before = PerceptronEngine.IsEnabled;
        try
        {
            PerceptronEngine.IsEnabled = engine;
            using var scope = NewDisposeScope();
            using var signal = Picture();
            using var generator = new Generator(2);
            using var full = ParameterMask.Full(Network.Layout);
            using var mask = full.KeepRandom(0.3, generator);
            var initial = Network.Initialize(generator);
            const int Steps = 5;
            const double Rate = 1e-3;
            using var fitter = new GradientFitter(Network, new GradientFitterOptions { Steps = Steps, LearningRate = Rate, Schedule = LearningRateSchedule.Constant, Mask = mask });
            var (theta, state) = (initial, fitter.Initialize(initial));
            for (int i = 0; i < Steps; i++)
                (theta, state) = fitter.Step(theta, state, signal);

            // Adam by its formulas on θ⊙M, in double.
            var expected = mask.Apply(initial).Tensors.Select(t => t.to(float64)).ToArray();
            var m = expected.Select(t => zeros_like(t)).ToArray();
            var v = expected.Select(t => zeros_like(t)).ToArray();
            for (int step = 1; step <= Steps; step++)
            {
                var leaves = expected.Select(t => t.detach().requires_grad_()).ToArray();
                var error = (Network.Evaluate(new ParameterSet(Network.Layout, leaves), signal.Coordinates.to(float64)) - signal.Values.to(float64)).square().mean();
                var gradients = autograd.grad([error], leaves);
                for (int i = 0; i < leaves.Length; i++)
                {
                    using var live = mask[Network.Layout[i].Name];
                    var g = live is null ? gradients[i] : gradients[i] * live.to(float64);
                    m[i] = 0.9 * m[i] + 0.1 * g;
                    v[i] = 0.999 * v[i] + 0.001 * g * g;
                    expected[i] = expected[i] - Rate * (m[i] / (1 - Math.Pow(0.9, step))) / ((v[i] / (1 - Math.Pow(0.999, step))).sqrt() + 1e-8);
                }
            }

            var found = mask.Apply(theta);
            for (int i = 0; i < expected.Length; i++)
                (found[i].to(float64) - expected[i]).abs().max().item<double>().Should().BeLessThan(2e-5);
        }
        finally
        {
            PerceptronEngine.IsEnabled = before;
        }
    }

    [Fact]
    public void Fit_ThatPrunes_EndsAtTheDensity_AndItsFileHoldsWhatLives()
    {
        using var scope = NewDisposeScope();
        using var signal = Picture();
        using var fitter = new GradientFitter(Network, new GradientFitterOptions { Steps = 60, LearningRate = 2e-3, Pruning = new PruningSchedule { Density = 0.2, Rounds = 4, Ranking = PruningRanking.Rescaled } });
        using var result = fitter.Fit(signal);
        result.Engine.Should().Be(PerceptronEngine.Name, "a mask does not cost the engine");
        var theta = result.Representation.Parameters;
        var weights = theta.Layout.Where(s => s.Role == ParameterRole.Weight).ToArray();
        long live = weights.Sum(s => theta[s.Name].ne(0).sum().item<long>());
        long all = weights.Sum(s => s.Count);
        live.Should().BeCloseTo((long)Math.Round(0.2 * all), 1);
        long biases = theta.Layout.FloatCount - all;
        result.Representation.Stored.BitsStored.Should().BeLessThan((32 * (live + biases)) + all);
        result.Representation.Stored.Where(t => t.Kind == "masked").Should().HaveCountGreaterThan(1);
        using var psnr = result.Representation.Render();
        Psnr.Of(signal, psnr).Should().BeApproximately(result.Psnr, 0.01, "the loss that is told is that of the sparse network");

        using var stream = new MemoryStream();
        result.Representation.Save(stream);
        stream.Position = 0;
        using var loaded = ImplicitRepresentation.Load(stream);
        foreach (var (a, b) in loaded.Parameters.Tensors.Zip(theta.Tensors))
            a.Equals(b).Should().BeTrue();
        loaded.BitCount.Should().Be(result.Representation.BitCount);
    }

    [Fact]
    public void Fit_CancelledBeforeItIsPruned_HasNoResult()
    {
        using var signal = Picture();
        using var source = new CancellationTokenSource();
        using var fitter = new GradientFitter(Network, new GradientFitterOptions { Steps = 400, Pruning = new PruningSchedule() });
        var act = () => fitter.Fit(signal, new Cancelling(source), source.Token);
        act.Should().Throw<OperationCanceledException>().WithMessage("*before its weights were pruned*");
    }

    [Fact]
    public void Options_ThatPruneAfterTheEnd_AreRefused()
    {
        var act = (Func<PruningSchedule, Action>)(s => () => new GradientFitter(Network, new GradientFitterOptions { Pruning = s }).Dispose());
        act(new PruningSchedule { Density = 0 }).Should().Throw<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage("*Density*above 0*");
        act(new PruningSchedule { Density = 1.2 }).Should().Throw<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage("*Density*");
        act(new PruningSchedule { To = 1 }).Should().Throw<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage("*pruning that ends after the training*");
    }

    private static Signal Picture()
    {
        using var scope = NewDisposeScope();
        var x = linspace(-1, 1, 20).unsqueeze(1);
        var y = linspace(-1, 1, 24).unsqueeze(0);
        var values = stack([(3 * x + y).sin(), (2 * y - x).cos(), x * y], -1).reshape(-1, 3) * 0.4 + 0.5;
        return Signal.FromGrid(values, [20, 24]);
    }

    private sealed class Cancelling(CancellationTokenSource source) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => source.Cancel();
    }
}
