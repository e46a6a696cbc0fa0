using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Inr.Files;
using Inr.Losses;
using Inr.Meta;
using Inr.Optimization;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>Trans-INR for scenes: a transformer looks at one or a few posed pictures and writes the radiance field of the scene.</summary>
/// <remarks>
/// <para>
/// Scenes are signals as <see cref="SceneSignal"/> makes them. A step of <see cref="Train"/> takes for each scene of the
/// batch n views to look at and one more, renders random rays of that one with jittered points through the generated
/// field, and lowers the mean squared error of their colors; <see cref="ViewSynthesisOptions"/> has the official numbers.
/// </para>
/// <para>Chen and Wang: Transformers as Meta-Learners for Implicit Neural Representations, ECCV 2022, section 4.2.</para>
/// </remarks>
public sealed class ViewSynthesizer : IMetaLearner
{
    /// <summary>The kind in files.</summary>
    public const string Kind = "view-synthesizer";

    private const int OfficialBatch = 32;

    private readonly PosedViewTokenizer _tokenizer;
    private readonly ParameterSet _weights;
    private readonly TransformerOptions _options;
    private readonly ViewSynthesisOptions _views;
    private readonly MetaWeight[] _named;

    /// <summary>Creates an untrained model.</summary>
    /// <param name="target">The radiance field.</param>
    /// <param name="size">The side of the pictures that it looks at.</param>
    /// <param name="options">The shape; copied.</param>
    /// <param name="device">Where it runs; CPU by default.</param>
    /// <param name="seed">Draws the initial weights.</param>
    /// <param name="views">How it learns from scenes; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public ViewSynthesizer(NerfMlp target, int size, TransformerOptions? options = null, Device? device = null, long seed = 0, ViewSynthesisOptions? views = null)
    {
        _options = options ?? new TransformerOptions();
        _views = views ?? new ViewSynthesisOptions();
        new ViewSynthesisOptionsValidator().ThrowIfInvalid(_views);
        Network = Describe(target, size, _options);
        Size = size;
        _tokenizer = (PosedViewTokenizer)Network.Tokenizer;
        using var generator = new Generator((ulong)seed);
        using var initial = Network.Initialize(generator, device);
        _weights = initial.AsLeaves().DetachFromDisposeScope();
        _named = [.. Network.Layout.Select(s => new MetaWeight(s.Name, _weights[s.Name], s.IsTrainable ? 1 : 0))];
    }

    /// <summary>The side of the pictures that it looks at.</summary>
    public int Size { get; }

    /// <inheritdoc/>
    public MetaLearnerDescription Description
    {
        get
        {
            var json = TransformerJson.Write(_options, Size);
            json["supportViews"] = _views.SupportViews;
            json["raysPerScene"] = _views.RaysPerScene;
            json["foregroundSteps"] = _views.ForegroundSteps;
            json["near"] = _views.Renderer.Near;
            json["far"] = _views.Renderer.Far;
            json["pointsPerRay"] = _views.Renderer.PointsPerRay;
            json["whiteBackground"] = _views.Renderer.WhiteBackground;
            return new MetaLearnerDescription(Kind, json, Target.Description);
        }
    }

    IReadOnlyList<MetaWeight> IMetaLearner.Weights => _named;

    ITargetFunction? ISignalFitter.Target => Target;

    /// <summary>What an outer loop of your own needs; <see cref="Train"/> hands it to a <see cref="MetaTrainer"/>.</summary>
    public IMetaObjective Objective => new ViewSynthesisObjective(this, _views, _options.SuggestedLearningRate);

    /// <summary>The parts of the hypernetwork.</summary>
    public TransformerHypernetwork Network { get; }

    /// <summary>The radiance field.</summary>
    public ITargetFunction Target => Network.Target;

    /// <summary>The weights, leaves that require gradients; the model keeps them.</summary>
    public ParameterSet Weights => _weights;

    /// <summary>Rebuilds an untrained model from its description.</summary>
    public static ViewSynthesizer FromDescription(MetaLearnerDescription description, Device? device = null) => (ViewSynthesizer)Plan(description).Create(device);

    /// <summary>Plans the untrained model of a description.</summary>
    public static MetaLearnerPlan Plan(MetaLearnerDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        var json = description.Options;
        var (options, size) = TransformerJson.Read(json);
        var views = new ViewSynthesisOptions
        {
            SupportViews = json.Int("supportViews"),
            RaysPerScene = json.Int("raysPerScene"),
            ForegroundSteps = json.Int("foregroundSteps"),
            Renderer = new VolumeRendererOptions
            {
                Near = json.Number("near"),
                Far = json.Number("far"),
                PointsPerRay = json.Int("pointsPerRay"),
                WhiteBackground = json.Flag("whiteBackground"),
            },
        };
        var target = TargetRegistry.Create(description.Target) as NerfMlp ?? throw new FormatException($"its target '{description.Target.Kind}' is no {NerfMlp.Kind}.");
        int side = size ?? throw new FormatException("'imageSize' is missing.");
        new TransformerOptionsValidator().ThrowIfInvalid(options);
        new ViewSynthesisOptionsValidator().ThrowIfInvalid(views);
        return new MetaLearnerPlan(Describe(target, side, options).Layout, device => new ViewSynthesizer(target, side, options, device, 0, views));
    }

    /// <summary>Learns from scenes.</summary>
    /// <param name="signals">Scenes as <see cref="SceneSignal"/> makes them, such as a <see cref="PosedSceneFolder"/>; all of one number of views.</param>
    /// <param name="options">How to train; by default the official batch of 32 scenes and the official schedule, which lowers
    /// the rate to a tenth after four fifths of the steps.</param>
    /// <param name="progress">Told now and then where the training stands.</param>
    /// <param name="cancellationToken">Ends the training within a step.</param>
    /// <exception cref="ArgumentException">There is no scene, or it has too few views or pictures of another size.</exception>
    /// <exception cref="DivergedException">A loss became NaN or infinite.</exception>
    public MetaTrainingResult Train(ISignalDataset signals, MetaTrainingOptions? options = null, IProgress<MetaTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new MetaTrainingOptions { BatchSize = OfficialBatch, Schedule = LearningRateSchedule.Drop() };
        return AveragedObjective.Train(Objective, _options.AverageDecay, options, signals, progress, cancellationToken);
    }

    /// <summary>Writes the radiance fields of B scenes from all of their views.</summary>
    /// <param name="context">Scenes as <see cref="SceneSignal"/> makes them.</param>
    /// <returns>θ with a batch axis, without a graph; the caller owns it.</returns>
    public ParameterSet Adapt(SignalBatch context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var moved = context.Values.IsOn(_weights.Device) ? null : context.To(_weights.Device);
        // Detached, because a view of a weight keeps asking for gradients where none are recorded.
        return Generate(AllViews(moved ?? context)).Map((_, t) => t.detach()).MoveToOuterDisposeScope();
    }

    /// <summary>Writes the radiance field of one scene from all of its views.</summary>
    /// <param name="context">A scene as <see cref="SceneSignal"/> makes it.</param>
    /// <param name="progress">Told once, when the field is written.</param>
    /// <param name="cancellationToken">Not looked at: it is one forward pass.</param>
    /// <returns>The field; its loss is that of the first view.</returns>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var signal = context.To(_weights.Device, ScalarType.Float32);
        using var batch = SignalBatch.Of(signal);
        var views = AllViews(batch);
        using var theta = Generate(views);
        var first = views with { Pixels = views.Pixels.narrow(1, 0, 1) };
        double loss = LossOf(new VolumeRenderer(_views.Renderer)).ValueOf(theta, first.Samples(), cancellationToken: CancellationToken.None).item<double>();
        if (!double.IsFinite(loss))
            throw new DivergedException(0, loss, "The generated parameters are not finite: train again with a lower learning rate or with ClipNorm.");
        progress?.Report(new FitProgress(0, 0, loss, clock.Elapsed));
        return new FitResult
        {
            Representation = new ImplicitRepresentation(Target, theta.Select(0), SignalDomain.Scattered(Target.InputDimension)),
            Status = FitStatus.Completed,
            Message = string.Create(CultureInfo.InvariantCulture, $"Generated in one forward pass: {-10 * Math.Log10(loss):0.00} dB in {clock.Elapsed.TotalSeconds:0.00} s."),
            Steps = 0,
            Loss = loss,
            Elapsed = clock.Elapsed,
        };
    }

    /// <summary>Judges the model on scenes as the official evaluation does: random views to look at and one more, whole pictures, no jitter, unclamped; the mean over scenes and repeats.</summary>
    /// <param name="scenes">Scenes as <see cref="SceneSignal"/> makes them.</param>
    /// <param name="options">Repeats, views and test-time optimization.</param>
    /// <param name="progress">Told after each scene how many are done.</param>
    /// <param name="cancellationToken">Ends the work between two pictures.</param>
    /// <exception cref="ArgumentException">A scene has too few views or pictures of another size.</exception>
    /// <exception cref="InrException">No scene can be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ViewEvaluationResult Evaluate(ISignalDataset scenes, ViewEvaluationOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scenes);
        options ??= new ViewEvaluationOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Repeats, 1);
        var names = new List<string>();
        var psnrs = new List<double>();
        var skipped = new List<SkippedSignal>();
        for (int i = 0; i < Math.Min(scenes.Count, options.Limit ?? int.MaxValue); i++)
        {
            try
            {
                using var signal = scenes.Load(i);
                names.Add(scenes.GetName(i));
                using var moved = signal.To(_weights.Device, ScalarType.Float32);
                using var batch = SignalBatch.Of(moved);
                for (int repeat = 0; repeat < options.Repeats; repeat++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    psnrs.Add(JudgeOnce(batch, options, ((long)i * options.Repeats) + repeat));
                }
            }
            catch (SignalLoadException e)
            {
                skipped.Add(new SkippedSignal(scenes.GetName(i), e.Message));
            }

            progress?.Report(i + 1);
        }

        return psnrs.Count > 0
            ? new ViewEvaluationResult(names, psnrs, skipped)
            : throw new InrException(skipped.Count == 0 ? "There is no scene to judge on." : $"None of the {skipped.Count} scenes can be read; the first failure: '{skipped[0].Name}': {skipped[0].Reason}");
    }

    /// <summary>Writes the radiance fields of B scenes.</summary>
    /// <param name="support">The views to look at.</param>
    /// <returns>θ with a batch axis; differentiable in the weights. The caller owns it.</returns>
    public ParameterSet Generate(PosedViews support) => Generate(_weights, support);

    /// <summary>The same with other weights of the same layout.</summary>
    public ParameterSet Generate(ParameterSet weights, PosedViews support)
    {
        using var scope = NewDisposeScope();
        return Network.Generate(weights, _tokenizer.Tokenize(weights, support)).MoveToOuterDisposeScope();
    }

    /// <summary>Test-time optimization: steps of Adam on all numbers of the radiance fields, on random rays of the support views.</summary>
    /// <param name="theta">θ with a batch axis, as <see cref="Generate(PosedViews)"/> gives it; it stays as it is.</param>
    /// <param name="support">The views of the same scenes.</param>
    /// <param name="renderer">How rays are rendered; points are not jittered.</param>
    /// <param name="generator">Draws the rays, on the CPU.</param>
    /// <param name="steps">The number of steps; 100 as in the official evaluation.</param>
    /// <param name="learningRate">1e-4 there.</param>
    /// <param name="raysPerStep">1,024 there, drawn with replacement.</param>
    /// <returns>The improved θ; the caller owns it.</returns>
    public ParameterSet Optimize(ParameterSet theta, PosedViews support, VolumeRenderer renderer, Generator generator, int steps = 100, double learningRate = 1e-4, int raysPerStep = 1024)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(support);
        ArgumentNullException.ThrowIfNull(renderer);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        ArgumentOutOfRangeException.ThrowIfLessThan(raysPerStep, 1);
        using var scope = NewDisposeScope();
        var rays = support.Rays();
        long scenes = support.Images.shape[0];
        var samples = new LossSamples(cat([rays.Origins, rays.Directions], -1).reshape(scenes, -1, SceneSignal.Coordinates), support.Images.reshape(scenes, -1, 3));
        return Optimize(theta, samples, renderer, generator, steps, learningRate, raysPerStep).MoveToOuterDisposeScope();
    }

    private ParameterSet Optimize(ParameterSet theta, LossSamples support, VolumeRenderer renderer, Generator generator, int steps, double learningRate, int raysPerStep)
    {
        using var scope = NewDisposeScope();
        var loss = LossOf(renderer);
        var loop = new StepLoop { Optimizer = new FirstOrderOptimizer(new AdamRule()), Steps = steps, LearningRate = learningRate, LookEvery = null };
        using var end = loop.Run(loss.Moved(theta), _ =>
        {
            var index = randint(0, support.Count, [raysPerStep], dtype: int64, device: CPU, generator: generator).to(support.Values.device);
            var drawn = new LossSamples(support.AllPlaces.index_select(1, index), support.Values.index_select(1, index));
            return moved =>
            {
                // The sum over scenes: no scene's step depends on another.
                var found = loss.Differentiate(moved, loss.Assembly(theta), drawn);
                return (found.Total, [.. found.Gradients]);
            };
        });
        return loss.WithMoved(theta, end.Tensors!).Detach().MoveToOuterDisposeScope();
    }

    /// <summary>Writes the scenes from support views and judges them on query views, as the official evaluation does: whole pictures, no jitter, unclamped.</summary>
    /// <param name="support">The views to look at.</param>
    /// <param name="query">Other views of the same scenes.</param>
    /// <param name="renderer">How rays are rendered.</param>
    /// <returns>The PSNR of every query view in dB, scene by scene; the official number is the mean over many random choices of views.</returns>
    public IReadOnlyList<double> Judge(PosedViews support, PosedViews query, VolumeRenderer renderer)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(renderer);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var theta = Generate(support);
        var rays = query.Rays();
        var psnrs = new List<double>();
        for (int scene = 0; scene < query.Images.shape[0]; scene++)
        {
            var own = theta.Select(scene);
            for (int view = 0; view < query.Images.shape[1]; view++)
            {
                using var inner = NewDisposeScope();
                var picture = renderer.RenderImage(Target, own, new CameraRays(rays.Origins[scene, view], rays.Directions[scene, view]));
                psnrs.Add(Psnr.Of(query.Images[scene, view], picture));
            }
        }

        return psnrs;
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    internal ParameterSet Generate(SceneViews support) => Network.Generate(_weights, _tokenizer.Tokenize(_weights, support.Pixels));

    /// <summary>The mean squared error of the colors of rays through the fields.</summary>
    internal LossFunction LossOf(VolumeRenderer renderer) => new(Target, new Loss { Observation = new RayObservation(renderer) });

    private SceneViews AllViews(SignalBatch scenes)
    {
        long[] all = [.. Enumerable.Range(0, SceneViews.CountIn(scenes, Size))];
        return SceneViews.Of(scenes, Size, [.. Enumerable.Repeat(all, (int)scenes.Count)]);
    }

    private double JudgeOnce(SignalBatch scene, ViewEvaluationOptions options, long stream)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = RandomStreams.Create(options.Seed, RandomStreams.Purpose.Learner, stream);
        int support = options.SupportViews ?? _views.SupportViews;
        int views = SceneViews.CountIn(scene, Size);
        if (views <= support)
            throw new ArgumentException($"The scenes have {views} views; {support} to look at and one more to be judged on are needed.", nameof(options));
        long[] drawn = SceneViews.Draw(support + 1, views, generator);
        var seen = SceneViews.Of(scene, Size, [drawn[..^1]]);
        var renderer = new VolumeRenderer(_views.Renderer);
        var theta = Generate(seen);
        if (options.OptimizeSteps > 0)
            theta = Optimize(theta, seen.Samples(), renderer, generator, options.OptimizeSteps, options.OptimizeRate, options.OptimizeRays);
        using var judged = theta;
        return Psnr.FromMeanSquaredError(LossOf(renderer).ValueOf(judged, SceneViews.Of(scene, Size, [drawn[^1..]]).Samples()).item<double>());
    }

    internal static TransformerHypernetwork Describe(NerfMlp target, int size, TransformerOptions options) =>
        new(target, new PosedViewTokenizer(size, options.PatchSize, options.Padding, options.Dimension), options);
}
