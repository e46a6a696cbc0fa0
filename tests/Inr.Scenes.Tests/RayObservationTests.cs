using Inr.Evaluation;
using Inr.Losses;
using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;
using Inr.Testing;

namespace Inr.Tests.Scenes;

/// <summary>Scenes through what fits, adapts and judges pictures: rays as an observation.</summary>
public sealed class RayObservationTests
{
    private const int Size = 16;

    private static readonly VolumeRenderer Renderer = new(new VolumeRendererOptions { PointsPerRay = 24 });
    private static readonly Loss Rays = new() { Observation = new RayObservation(Renderer) };
    private static readonly NerfMlp Field = new(new NerfMlpOptions { Width = 32, Depth = 3, EncodingSize = 6 });

    [Fact]
    public void Fit_OfSceneByTheGradientFitter_IsAsGoodAsTheFitterOfScenes()
    {
        using var folder = new SceneFolder(8);
        using var scene = NerfScene.Load(folder.Path);
        using var signal = SceneSignal.Of(scene.Views);
        var options = new NerfFitOptions { Steps = 250, PointsPerStep = 8192, LearningRate = 1e-2, GridFrom = 100, GridResolution = 32, PointsPerRay = 24 };
        using var before = new NerfSceneFitter(Field, options).Fit(scene, scene);

        using var fitter = new GradientFitter(Field, new GradientFitterOptions { Loss = Rays, Steps = 250, BatchSize = 8192 / 24, LearningRate = 1e-2, EvaluateEvery = 125 });
        using var fit = fitter.Fit(signal);

        fit.Psnr.Should().BeGreaterThan(18).And.BeGreaterThan(before.HeldOutPsnr!.Value - 1.5);
        fit.Representation.Domain.Should().Be(SignalDomain.Scattered(3));
        // What it says of itself is what its pictures say.
        using var scope = NewDisposeScope();
        var cameras = scene.Views.Rays();
        var pictures = Renderer.RenderImage(Field, fit.Representation.Parameters, cameras);
        (pictures - scene.Views.Images).square().mean().item<float>().Should().BeApproximately((float)fit.Loss, 1e-5f);
    }

    [Fact]
    public void Evaluator_OfScenes_JudgesRays()
    {
        var signals = SphereScenes.Signals(2, 2, Size);
        try
        {
            using var fitter = new GradientFitter(Field, new GradientFitterOptions { Loss = Rays, Steps = 10, BatchSize = 64, LearningRate = 1e-2 });
            var result = Evaluator.Run(fitter, new SignalList(signals), new EvaluationOptions { Observation = Rays.Observation, WarmUpFits = 0, Context = SignalContext.Sparse(0.5) });
            result.Failures.Should().BeEmpty();
            using var fit = fitter.Fit(signals[1]);
            var whole = Evaluator.Run(fitter, new SignalList([signals[1]]), new EvaluationOptions { Observation = Rays.Observation, WarmUpFits = 0 });
            whole.Rows.Single().Psnr.Should().BeApproximately(fit.Psnr, 1e-3);
            result.Rows.Should().OnlyContain(r => r.HeldOutPsnr > 0 && r.Psnr > 0);
        }
        finally
        {
            foreach (var s in signals)
                s.Dispose();
        }
    }

    [Fact]
    public void Of_Rays_IsTheRenderer_AndNoiseJitters()
    {
        using var scope = NewDisposeScope();
        using var signal = SphereScenes.Signals(1, 1, Size)[0];
        var theta = Field.Initialize();
        var x = signal.Coordinates;
        var seen = Rays.Observation.Of(Field, theta, x);
        Close.ShouldBeSame(seen, Renderer.Render(Field, theta, x.narrow(1, 0, 3), x.narrow(1, 3, 3)));
        var jittered = Rays.Observation.Of(Field, theta, x, new Generator(1));
        Close.ShouldBeSame(Rays.Observation.Of(Field, theta, x, new Generator(1)), jittered);
        Close.RelativeError(jittered, seen).Should().BeGreaterThan(1e-6);
        var two = ParameterSet.Stack([theta, Field.Initialize(new Generator(9))]);
        Close.ShouldBeClose(Rays.Observation.Of(Field, two, x)[0], seen, 1e-5, "each field sees the rays");
        ((Action)(() => Rays.Observation.Of(new ReluMlp(2, 3), theta, x))).Should().Throw<ArgumentException>().WithMessage("*radiance field*");
    }

    [Fact]
    public void Differentiate_InPiecesOfRays_IsThatOfOnePass()
    {
        using var scope = NewDisposeScope();
        using var signal = SphereScenes.Signals(1, 1, Size)[0];
        var theta = Field.Initialize();
        LossGradient In(int points) => new LossFunction(Field, Rays, samplesPerPiece: points).Differentiate(theta, LossSamples.Of(signal));
        var whole = In(int.MaxValue);
        // 24 points a ray: 10 rays at a time.
        var pieces = In(240);
        Close.ShouldBeClose(pieces.Losses, whole.Losses, 1e-5);
        for (int i = 0; i < whole.Gradients.Count; i++)
            Close.ShouldBeClose(pieces.Gradients[i], whole.Gradients[i], 1e-3);
    }

    [Fact]
    public void TestTimeSteps_OnRays_ImproveAGeneratedField()
    {
        var signals = SphereScenes.Signals(2, 2, Size);
        try
        {
            ViewSynthesizer Model() => new(Field, Size, new TransformerOptions { Dimension = 32, Depth = 1, Heads = 2, HeadDimension = 16, FeedForward = 64, PatchSize = 8, WeightGroups = 4 }, seed: 1, views: new ViewSynthesisOptions { Renderer = new VolumeRendererOptions { PointsPerRay = 24 } });
            using var plain = Model();
            using var learner = new TestTimeLearner(Model(), new TestTimeOptions { Loss = Rays, Steps = 20, LearningRate = 1e-2, BatchSize = 64 });
            using var batch = SignalBatch.Stack(signals);
            using var generated = plain.Adapt(batch);
            using var adapted = learner.Adapt(batch);
            using var scope = NewDisposeScope();
            var loss = new LossFunction(Field, Rays);
            var better = loss.ValueOf(adapted, LossSamples.Of(batch)) < loss.ValueOf(generated, LossSamples.Of(batch)) * 0.8;
            better.all().item<bool>().Should().BeTrue("every scene improves");

            using var fit = learner.Fit(signals[0]);
            using var start = plain.Fit(signals[0]);
            fit.Loss.Should().BeLessThan(start.Loss);
            LiveTensors.ShouldStayFlat(() => learner.Adapt(batch).Dispose(), runs: 1);
        }
        finally
        {
            foreach (var s in signals)
                s.Dispose();
        }
    }
}
