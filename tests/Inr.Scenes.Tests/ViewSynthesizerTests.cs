using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;
using Inr.Testing;

namespace Inr.Tests.Scenes;

/// <summary>Learning from many scenes: the loss falls, a resumed run is the uninterrupted one, files give the same pixels, evaluation is what it says.</summary>
public sealed class ViewSynthesizerTests : IDisposable
{
    private const int Size = 16;

    private readonly string _folder = Directory.CreateTempSubdirectory("inr-views-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Train_OnBalls_LowersTheLoss()
    {
        using var model = Model();
        using var scenes = new Scenes(6, 3);
        long before = LiveTensors.Count;
        var result = model.Train(scenes, new MetaTrainingOptions { Steps = 80, BatchSize = 3, LearningRate = 3e-3, ReportEvery = 20, HeldOut = scenes, HeldOutLimit = 2, EvaluateEvery = 80 });
        result.Steps.Should().Be(80);
        result.History[^1].Loss.Should().BeLessThan(0.6 * result.History[0].Loss);
        result.HeldOutPsnr.Should().NotBeNull();
        LiveTensors.Count.Should().Be(before);
    }

    [Fact]
    public void Train_Resumed_GivesTheBitsOfAnUninterruptedRun()
    {
        using var scenes = new Scenes(4, 3);
        MetaTrainingOptions Options(int steps) => new() { Steps = steps, BatchSize = 2, LearningRate = 1e-3, Seed = 5 };
        using var whole = Model();
        whole.Train(scenes, Options(6));

        string checkpoint = Path.Combine(_folder, "views.ckpt");
        using (var first = Model())
        {
            var options = Options(3);
            options = options with { CheckpointPath = checkpoint };
            first.Train(scenes, options);
        }

        using var second = Model(seed: 9);
        var rest = Options(6);
        rest = rest with { ResumeFrom = checkpoint };
        second.Train(scenes, rest);
        for (int i = 0; i < whole.Weights.Layout.Count; i++)
            Close.ShouldBeSame(second.Weights[i], whole.Weights[i], whole.Weights.Layout[i].Name);
    }

    [Theory, InlineData(0), InlineData(100)]
    public void Passes_NameDevices(int foreground)
    {
        using var scope = NewDisposeScope();
        using var batch = new MetaBatch(SignalBatch.Stack(SphereScenes.Signals(2, 3, Size)));
        using var model = DeviceContract.WithoutDefaultDevice(() => Model(foreground: foreground));
        Tensor[] Passes()
        {
            using var generator = new Generator(4);
            var (gradients, errors) = model.Objective.Differentiate(batch, generator);
            return [errors, model.Objective.Judge(batch), .. gradients];
        }

        var expected = Passes();
        var found = DeviceContract.WithoutDefaultDevice(Passes);
        for (int i = 0; i < expected.Length; i++)
            Close.ShouldBeSame(found[i], expected[i]);
    }

    [Fact]
    public void ForegroundSteps_LookAtTheObject()
    {
        using var scenes = new Scenes(2, 2);
        // White rays of an empty field have no error: with half of the rays on the ball the error is larger.
        double Loss(int foreground)
        {
            using var model = Model(foreground: foreground);
            return model.Train(scenes, new MetaTrainingOptions { Steps = 1, BatchSize = 2, LearningRate = 1e-9 }).Loss;
        }

        Loss(1).Should().BeGreaterThan(Loss(0));
    }

    [Fact]
    public void Save_AndLoad_GivesTheSamePixels()
    {
        string path = Path.Combine(_folder, "views.safetensors");
        using var model = Model(foreground: 7);
        model.Save(path);
        using var loaded = MetaLearner.Load(path).Should().BeOfType<ViewSynthesizer>().Subject;
        loaded.Description.Options.ToJsonString().Should().Be(model.Description.Options.ToJsonString());

        using var scope = NewDisposeScope();
        using var views = SphereScenes.Views(1, 2, Size);
        using var signal = SceneSignal.Of(views);
        using var batch = SignalBatch.Of(signal);
        using var theta = model.Adapt(batch);
        using var again = loaded.Adapt(batch);
        using var direct = model.Generate(views);
        var renderer = new VolumeRenderer(new VolumeRendererOptions { PointsPerRay = 16 });
        var rays = views.Rays();
        Tensor Picture(ParameterSet of) => renderer.RenderImage(model.Target, of.Select(0), new CameraRays(rays.Origins[0, 0], rays.Directions[0, 0]));
        Close.ShouldBeSame(Picture(again), Picture(theta));
        Close.ShouldBeSame(Picture(theta), Picture(direct), "a scene as a signal is the scene");

        using var fit = model.Fit(signal);
        Psnr.Of(views.Images[0, 0], Picture(theta)).Should().BeApproximately(fit.Psnr, 1e-3);
        fit.Representation.Target.Description.Kind.Should().Be(NerfMlp.Kind);
    }

    [Fact]
    public void Evaluate_OfTwoViews_IsOneOfTheTwoPossiblePictures()
    {
        using var model = Model();
        using var scenes = new Scenes(2, 2);
        var result = model.Evaluate(scenes, new ViewEvaluationOptions { Repeats = 3 });
        result.Psnrs.Should().HaveCount(6);
        result.Psnr.Should().BeApproximately(result.Psnrs.Average(), 1e-12);
        model.Evaluate(scenes, new ViewEvaluationOptions { Repeats = 3 }).Psnrs.Should().Equal(result.Psnrs, "a seed fixes the choice of views");

        using var views = SphereScenes.Views(0, 2, Size);
        var renderer = new VolumeRenderer(new VolumeRendererOptions { PointsPerRay = 16 });
        double[] possible = [.. new[] { (0, 1), (1, 0) }.Select(pair =>
        {
            using var support = One(views, pair.Item1);
            using var query = One(views, pair.Item2);
            return model.Judge(support, query, renderer).Single();
        })];
        foreach (double psnr in result.Psnrs.Take(3))
            possible.Min(p => Math.Abs(p - psnr)).Should().BeLessThan(1e-3);

        var optimized = model.Evaluate(scenes, new ViewEvaluationOptions { Repeats = 1, OptimizeSteps = 30, OptimizeRate = 1e-2, OptimizeRays = 64 });
        optimized.Psnr.Should().BeGreaterThan(model.Evaluate(scenes, new ViewEvaluationOptions { Repeats = 1 }).Psnr, "both views show the same ball");
    }

    [Fact]
    public void Train_WithTooFewViewsOrOtherSizes_SaysWhatIsNeeded()
    {
        using var model = Model();
        using var single = new Scenes(2, 1);
        ((Action)(() => model.Train(single, new MetaTrainingOptions { Steps = 1, BatchSize = 1 }))).Should().Throw<ArgumentException>().WithMessage("*1 views*one more*");
        using var large = new Scenes(1, 3, 20);
        ((Action)(() => model.Train(large, new MetaTrainingOptions { Steps = 1, BatchSize = 1 }))).Should().Throw<ArgumentException>().WithMessage("*16×16*");
    }

    private static PosedViews One(PosedViews views, int which) =>
        new(views.Images.narrow(1, which, 1).clone(), views.Poses.narrow(1, which, 1).clone(), views.Focals.narrow(1, which, 1).clone());

    private static ViewSynthesizer Model(long seed = 1, int foreground = 0) => new(
        new NerfMlp(new NerfMlpOptions { Width = 16, Depth = 3, EncodingSize = 6 }),
        Size,
        new TransformerOptions { Dimension = 32, Depth = 1, Heads = 2, HeadDimension = 16, FeedForward = 64, PatchSize = 8, WeightGroups = 4 },
        seed: seed,
        views: new ViewSynthesisOptions { RaysPerScene = 64, ForegroundSteps = foreground, Renderer = new VolumeRendererOptions { PointsPerRay = 16 } });

    /// <summary>Balls as a data set that owns them; each load is a copy.</summary>
    private sealed class Scenes(int count, int views, int size = Size) : ISignalDataset, IDisposable
    {
        private readonly Signal[] _signals = SphereScenes.Signals(count, views, size);

        public int Count => _signals.Length;

        public string GetName(int index) => _signals[index].Name;

        public Signal Load(int index) => _signals[index].To(CPU);

        public void Dispose()
        {
            foreach (var signal in _signals)
                signal.Dispose();
        }
    }
}
