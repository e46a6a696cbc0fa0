using Inr.Parameterizations;
using Inr.Testing;
using Microsoft.Extensions.Options;

namespace Inr.Meta.Tests.LinearGaussian;

/// <summary>The learner against the model that its signals were drawn from, and against formulas of Gaussian conditioning.</summary>
public sealed class LinearGaussianLearnerTests
{
    [Theory]
    [InlineData(1L << 30)]
    [InlineData(0L)]
    public void Train_FindsThePrincipalComponentsOfTheSamples(long cacheBytes)
    {
        using var scope = NewDisposeScope();
        using var signals = new GaussianSignals(60, noise: 0.05);
        using var learner = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 4 });

        var result = learner.Train(signals, new MetaTrainingOptions { CacheBytes = cacheBytes });

        // The singular values of the centred samples themselves.
        var x = stack([.. Enumerable.Range(0, 60).Select(i => signals.Load(i).Values.squeeze(1))]).to(float64);
        var mean = x.mean([0L]);
        var (_, s, _) = linalg.svd(x - mean, fullMatrices: false);
        var variances = s.square() / 60 / 64;
        result.Status.Should().Be(MetaTrainingStatus.Completed);
        Near(Weight(learner, "variances").to(float64), variances.narrow(0, 0, 4), 1e-5);
        double rest = variances.narrow(0, 4, variances.shape[0] - 4).sum().item<double>();
        learner.Unexplained.Should().BeApproximately(rest, 1e-5);
    }

    [Fact]
    public void Train_WithMirror_IsTrainingOnMirroredSignalsToo()
    {
        using var scope = NewDisposeScope();
        using var signals = new GaussianSignals(40, noise: 0.1);
        var both = new SignalList([.. Enumerable.Range(0, 40).Select(signals.Load), .. Enumerable.Range(0, 40).Select(i => Mirrored(signals.Load(i)))]);
        using var half = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 6, MirrorAxis = 1 });
        using var whole = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 6 });

        half.Train(signals);
        whole.Train(both);

        Near(Weight(half, "variances"), Weight(whole, "variances"), 1e-5);
        Near(Weight(half, "mean"), Weight(whole, "mean"), 1e-5);
        half.Unexplained.Should().BeApproximately(whole.Unexplained, 1e-5);
    }

    [Fact]
    public void Infer_IsTheConditionalOfTheJointGaussian()
    {
        using var scope = NewDisposeScope();
        using var signals = new GaussianSignals(50, noise: 0.05);
        using var learner = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 5, Noise = 0.2 });
        learner.Train(signals);
        using var whole = signals.Load(0);
        var (seen, rest) = whole.Split(0.8, 3);

        using var posterior = learner.Infer(seen);
        var (mean, variance) = posterior.At(rest.Coordinates);

        // Cov(f(x), f(x')) of the prior, from what the file of the learner holds.
        var basis = Weight(learner, "basis").reshape(64, -1).to(float64);
        var target = GaussianSignals.Target();
        using var theta = target.Initialize();
        var a = target.LinearFeatures(theta, seen.Coordinates.to(float64)).mm(basis);
        var b = target.LinearFeatures(theta, rest.Coordinates.to(float64)).mm(basis);
        var prior = diag(Weight(learner, "variances").to(float64));
        double noise = 0.04 + learner.Unexplained;
        var within = a.mm(prior).mm(a.t()) + (noise * eye(a.shape[0], dtype: float64));
        var across = b.mm(prior).mm(a.t());
        var centre = Weight(learner, "mean").to(float64);
        var residual = seen.Values.to(float64) - target.LinearFeatures(theta, seen.Coordinates.to(float64)).mm(centre);
        var expected = target.LinearFeatures(theta, rest.Coordinates.to(float64)).mm(centre) + across.mm(linalg.solve(within, residual));
        var spread = (b.mm(prior).mm(b.t()) - across.mm(linalg.solve(within, across.t()))).diagonal() + learner.Unexplained;
        Near(mean.to(float64), expected, 1e-4);
        Near(variance.squeeze(1).to(float64), spread, 1e-4);
    }

    [Fact]
    public void Fit_GridAndItsScatteredSamples_GiveTheSameFunction()
    {
        using var scope = NewDisposeScope();
        using var signals = new GaussianSignals(50, noise: 0.02);
        using var learner = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 5 });
        learner.Train(signals);
        using var grid = signals.Load(1);
        using var scattered = new Signal(grid.Coordinates.clone(), grid.Values.clone());

        using var one = learner.Fit(grid);
        using var other = learner.Fit(scattered);

        Near(one.Representation.Parameters[0], other.Representation.Parameters[0], 1e-4);
        one.Loss.Should().BeApproximately(other.Loss, 1e-6);
    }

    [Fact]
    public void Infer_NothingSeen_IsThePriorMeanWithItsVariance()
    {
        using var scope = NewDisposeScope();
        using var signals = new GaussianSignals(400);
        using var learner = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 2 });
        learner.Train(signals);

        using var posterior = learner.Infer();
        var (mean, variance) = posterior.On(GaussianSignals.Side, GaussianSignals.Side);

        var expected = (signals.First.square() * 0.09) + (signals.Second.square() * 0.01);
        Near(mean.squeeze(1).to(float64), signals.Mean, 0.06);
        Near(variance.squeeze(1).to(float64), expected, 0.04);
    }

    [Fact]
    public void Infer_NoiseUnknown_IsFoundByTheEvidence()
    {
        using var scope = NewDisposeScope();
        using var signals = new GaussianSignals(300);
        using var learner = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 2 });
        learner.Train(signals);
        using var noisy = new GaussianSignals(1, noise: 0.2, seed: 9);
        using var signal = noisy.Load(0);

        using var posterior = learner.Infer(signal);

        Math.Sqrt(posterior.NoiseVariance).Should().BeApproximately(0.2, 0.05);
    }

    [Fact]
    public void Infer_ErrorBars_HoldAsOftenAsTheySay()
    {
        using var scope = NewDisposeScope();
        using var signals = new GaussianSignals(500, noise: 0.05);
        using var learner = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 2, Noise = 0 });
        learner.Train(signals);
        using var fresh = new GaussianSignals(100, noise: 0.05, seed: 77);
        double inside = 0;
        for (int i = 0; i < fresh.Count; i++)
        {
            using var whole = fresh.Load(i);
            var (seen, rest) = whole.Split(0.9, i);
            using var posterior = learner.Infer(seen);
            var (mean, variance) = posterior.At(rest.Coordinates);
            inside += (mean - rest.Values).abs().le(variance.sqrt() * 1.645).to(float64).mean().item<double>() / fresh.Count;
        }

        inside.Should().BeInRange(0.87, 0.93);
    }

    [Fact]
    public void Train_OnHalfOfTheSamples_FindsNearlyTheSamePrior()
    {
        using var scope = NewDisposeScope();
        using var signals = new GaussianSignals(400, noise: 0.02, share: 0.5);
        using var learner = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 2, Rounds = 12 });

        learner.Train(signals);

        var variances = Weight(learner, "variances").data<float>().ToArray();
        variances[0].Should().BeApproximately(0.09f, 0.015f);
        variances[1].Should().BeApproximately(0.01f, 0.003f);
        Math.Sqrt(learner.Unexplained).Should().BeApproximately(0.02, 0.005);
        learner.TrainedOn.Should().Be(SignalDomain.Grid(GaussianSignals.Side, GaussianSignals.Side));
    }

    [Fact]
    public void Train_LastLayerAndCells_ReachWhatTheirFeaturesCan()
    {
        using var scope = NewDisposeScope();
        using var signals = new GaussianSignals(80);
        foreach (ITargetFunction target in (ITargetFunction[])[new CellFourierTarget(2, 1, new CellFourierOptions { Cells = 2, Terms = 10 }), new Siren(2, 1, new SirenOptions { Width = 64, HiddenLayers = 1, FirstOmega = 8, OutputOffset = 0.5 })])
        {
            using var learner = new LinearGaussianLearner(target, new() { Components = 8 });
            learner.Train(signals);
            using var signal = signals.Load(3);
            using var fit = learner.Fit(signal);
            fit.Psnr.Should().BeGreaterThan(40, target.Description.Kind);
        }
    }

    [Fact]
    public void Code_OfNNumbers_DecodesToTheFit()
    {
        using var scope = NewDisposeScope();
        using var signals = new GaussianSignals(50, noise: 0.02);
        using var learner = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 5 });
        learner.Train(signals);
        using var signal = signals.Load(1);
        using var fit = learner.Fit(signal);

        using var code = learner.FitLatent(signal);
        using var decoded = learner.Decode(code);

        code.FloatCount.Should().Be(5);
        Near(decoded.Parameters[0], fit.Representation.Parameters[0], 1e-6);
        using var other = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 5 });
        other.Invoking(l => l.Decode(code)).Should().Throw<ArgumentException>().WithMessage("*belongs to the learner*");
    }

    [Fact]
    public void SaveAndLoad_GivesTheSameFit()
    {
        using var scope = NewDisposeScope();
        using var signals = new GaussianSignals(30, noise: 0.02);
        using var learner = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 5, MirrorAxis = 1 });
        learner.Train(signals);
        using var stream = new MemoryStream();
        learner.Save(stream);
        stream.Position = 0;

        using var loaded = MetaLearner.Load(stream);

        loaded.TrainedOn.Should().Be(SignalDomain.Grid(8, 8));
        using var signal = signals.Load(1);
        using var a = learner.Fit(signal);
        using var b = loaded.Fit(signal);
        Close.ShouldBeSame(a.Representation.Parameters[0], b.Representation.Parameters[0], "θ");
    }

    [Fact]
    public void Train_FewerSignalsThanComponents_KeepsWhatTheySupport()
    {
        using var signals = new GaussianSignals(4, noise: 0.1);
        using var learner = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 10 });

        var result = learner.Train(signals);

        learner.Components.Should().Be(3, "four signals differ from their mean in three directions");
        result.Message.Should().Contain("support 3 of the 10");
    }

    [Fact]
    public void Train_ConstantSignals_GiveTheirMean()
    {
        using var scope = NewDisposeScope();
        var signals = new SignalList([.. Enumerable.Range(0, 5).Select(_ => Signal.FromGrid(full([64, 1], 0.25, dtype: float32), [8, 8]))]);
        using var learner = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 3 });
        learner.Train(signals);
        using var signal = signals.Load(0);
        using var fit = learner.Fit(signal);

        fit.Loss.Should().BeLessThan(1e-8);
        fit.Representation.Parameters.HasNonFinite().Should().BeFalse();
    }

    [Fact]
    public void Infer_NoNoiseAndContradictingSamples_StaysFinite()
    {
        using var scope = NewDisposeScope();
        using var signals = new GaussianSignals(20);
        using var learner = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 2, Noise = 0 });
        learner.Train(signals);
        using var twice = new Signal(zeros(4, 2), tensor(new float[] { 0, 1, 0, 1 }).reshape(4, 1));

        using var posterior = learner.Infer(twice);

        posterior.Components.isfinite().all().item<bool>().Should().BeTrue();
        posterior.At(zeros(1, 2)).Variance.isfinite().all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void BadInput_IsRefusedWithAReason()
    {
        using var signals = new GaussianSignals(4);
        using var colours = new LinearGaussianLearner(new CosineTarget(3, [8, 8]));
        colours.Invoking(l => l.Train(signals)).Should().Throw<ArgumentException>().WithMessage("*3 values*");
        ((Action)(() => _ = new LinearGaussianLearner(new FourierFeatureMlp(2, 1, new FourierFeatureMlpOptions { SigmoidOutput = true })))).Should().Throw<ArgumentException>().WithMessage("*linear in features*");
        ((Action)(() => _ = new LinearGaussianLearner(new Siren(2, 1), new() { MirrorAxis = 1 }))).Should().Throw<ArgumentException>().WithMessage("*mirror*");
        ((Action)(() => _ = new LinearGaussianLearner(GaussianSignals.Target(), new() { Components = 0 }))).Should().Throw<OptionsValidationException>().WithMessage("*Components*");
        using var learner = new LinearGaussianLearner(GaussianSignals.Target());
        learner.Invoking(l => l.Train(new SignalList([]))).Should().Throw<ArgumentException>().WithMessage("*no signal*");
    }

    // The largest difference, as a share of nothing: values are of the order of one.
    private static void Near(Tensor actual, Tensor expected, double tolerance) =>
        (actual - expected).abs().max().to(float64).item<double>().Should().BeLessThan(tolerance);

    private static Tensor Weight(LinearGaussianLearner learner, string name) => learner.Weights.Single(w => w.Name == name).Tensor;

    private static Signal Mirrored(Signal signal) => Signal.OnGrid(signal.Values.reshape(8, 8, 1).flip(1).reshape(64, 1), signal.Domain);
}
