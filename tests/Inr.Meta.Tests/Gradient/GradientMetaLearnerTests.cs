using Inr.Files;
using Inr.Parameterizations;
using Inr.Testing;

namespace Inr.Meta.Tests.Gradient;

/// <summary>Adaptation, files and bad input.</summary>
public sealed class GradientMetaLearnerTests
{
    [Fact]
    public void Adapt_ZeroSteps_IsTheInitialisation()
    {
        var target = FamilyTable.Target("siren");
        using var initial = target.Initialize();
        using var learner = new GradientMetaLearner(target, GradientMethods.Maml(), initial);
        using var batch = FamilyTable.Batch(3, 2, ScalarType.Float32);
        using var adapted = learner.Adapt(batch.Context, 0);
        adapted.BatchSize.Should().Be(3);
        using var second = adapted.Select(1);
        for (int i = 0; i < initial.Layout.Count; i++)
            Close.ShouldBeSame(second[i], initial[i]);
    }

    [Fact]
    public void Train_ZeroInnerSteps_LearnsOneFunctionForAll()
    {
        using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), new GradientMetaOptions { InnerSteps = 0 });
        using var batch = FamilyTable.Batch(2, 2, ScalarType.Float32);
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        learner.AsObjective().Differentiate(batch, generator).Gradients[0].abs().sum().item<float>().Should().BePositive();
    }

    [Fact]
    public void Fit_SaysWhatComputedItsSteps()
    {
        using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.Maml());
        using var batch = FamilyTable.Batch(1, 2, ScalarType.Float32);
        using var signal = new Signal(batch.Context.Coordinates.reshape(-1, 2), batch.Context.Values.reshape(-1, 2));
        using var none = learner.Fit(signal, 0);
        using var fused = learner.Fit(signal, 1);
        none.Engine.Should().BeNull();
        fused.Engine.Should().Be(PerceptronEngine.Name).And.StartWith("fused");
        PerceptronEngine.IsEnabled = false;
        try
        {
            using var plain = learner.Fit(signal, 1);
            plain.Engine.Should().Be("libtorch");
        }
        finally
        {
            PerceptronEngine.IsEnabled = true;
        }
    }

    [Fact]
    public void Adapt_Anil_ChangesTheLastLayerAlone()
    {
        using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.Anil());
        using var batch = FamilyTable.Batch(2, 2, ScalarType.Float32);
        using var before = learner.Adapt(batch.Context, 0);
        using var after = learner.Adapt(batch.Context);
        foreach (string name in new[] { "0.weight", "0.bias", "1.weight", "1.bias" })
            Close.ShouldBeSame(after[name], before[name], name);
        Close.RelativeError(after["2.weight"], before["2.weight"]).Should().BeGreaterThan(1e-3);
        learner.AdaptedFloatCount.Should().Be(7 * 2 + 2);
    }

    [Fact]
    public void Adapt_LastLayerForManySteps_ComesDownToTheClosedForm()
    {
        // Gradient descent on the last layer alone is least squares: its limit is the solve.
        using var scope = NewDisposeScope();
        var target = new Siren(2, 2, new SirenOptions { Width = 5, HiddenLayers = 0, FirstOmega = 4 });
        using var initial = target.Initialize().To(ScalarType.Float64);
        using var batch = FamilyTable.Batch(2, 2, ScalarType.Float64, context: 200);
        using var descent = new GradientMetaLearner(target, new GradientMetaOptions { Adapt = AdaptedPart.LastLayers, StepSize = 0.2 }, initial);
        using var closed = new GradientMetaLearner(target, new GradientMetaOptions { SolveLinearPart = true, InnerSteps = 0, Ridge = 1e-12 }, initial);
        double Error(ParameterSet theta) => (target.Evaluate(theta, batch.Context.Coordinates) - batch.Context.Values).square().mean().item<double>();
        double best = Error(closed.Adapt(batch.Context));
        Error(descent.Adapt(batch.Context, 4_000)).Should().BeInRange(best, best * 1.5);
    }

    [Fact]
    public void Adapt_HugeStepSize_KeepsTheBestState()
    {
        using var learner = new GradientMetaLearner(FamilyTable.Target("relu-mlp"), new GradientMetaOptions { StepSize = 1e6 });
        using var batch = FamilyTable.Batch(3, 2, ScalarType.Float32);
        using var before = learner.Adapt(batch.Context, 0);
        using var after = learner.Adapt(batch.Context, 20);
        after.HasNonFinite().Should().BeFalse();
        using var scope = NewDisposeScope();
        Tensor Error(ParameterSet theta) => (learner.Target.Evaluate(theta, batch.Context.Coordinates) - batch.Context.Values).square().mean([1, 2]);
        (Error(after) <= Error(before) * 1.0001).all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void Adapt_PaddedBatch_EqualsEachSignalAlone()
    {
        using var scope = NewDisposeScope();
        using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.Maml());
        using var small = Signal.FromGrid(rand(9, 2), [3, 3]);
        using var large = Signal.FromGrid(rand(20, 2), [4, 5]);
        using var both = SignalBatch.Stack([small, large]);
        both.Mask.Should().NotBeNull();
        using var together = learner.Adapt(both);
        using var a = learner.Adapt(SignalBatch.Of(small));
        using var b = learner.Adapt(SignalBatch.Of(large));
        for (int i = 0; i < together.Layout.Count; i++)
        {
            Close.ShouldBeClose(together[i][0], a[i][0], 1e-5);
            Close.ShouldBeClose(together[i][1], b[i][0], 1e-5);
        }
    }

    [Fact]
    public void Adapt_InPieces_EqualsOnePass()
    {
        // 300 × 300 samples go through the function in two pieces; four quarters of them are one piece each.
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.Maml());
        using var signal = Signal.FromGrid(rand([90_000, 2], generator: generator), [300, 300]);
        using var adapted = learner.Adapt(SignalBatch.Of(signal), 1);
        var start = learner.Adapt(SignalBatch.Of(signal), 0).Select(0).AsLeaves();
        var loss = (learner.Target.Evaluate(start, signal.Coordinates) - signal.Values).square().mean();
        var gradient = autograd.grad([loss], start.Trainable());
        Close.ShouldBeClose(adapted[2][0], start[2] - 0.01 * gradient[2], 1e-4);
    }

    [Theory, InlineData(1), InlineData(1000)]
    public void Adapt_ManySteps_LeavesNoTensor(int steps)
    {
        using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.MetaSgd());
        using var batch = FamilyTable.Batch(2, 2, ScalarType.Float32);
        LiveTensors.ShouldStayFlat(() => learner.Adapt(batch.Context, steps).Dispose(), runs: 2);
    }

    [Theory, MemberData(nameof(FamilyTable.MethodNames), MemberType = typeof(FamilyTable))]
    public void SaveAndLoad_EveryMethod_AdaptsToTheSameBits(string method)
    {
        string path = Path.GetTempFileName();
        try
        {
            using var batch = FamilyTable.Batch(2, 2, ScalarType.Float32);
            using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), FamilyTable.Method(method));
            using var generator = new Generator(4);
            using (no_grad())
            {
                foreach (var weight in learner.Weights)
                    weight.Tensor.add_(0.01 * randn(weight.Tensor.shape, generator: generator));
            }

            learner.Save(path);
            using var loaded = MetaLearner.Load(path);
            loaded.Description.Options.ToJsonString().Should().Be(learner.Description.Options.ToJsonString());
            using var a = learner.Adapt(batch.Context);
            using var b = loaded.Adapt(batch.Context);
            for (int i = 0; i < a.Layout.Count; i++)
                Close.ShouldBeSame(b[i], a[i]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Load_HostileFile_IsRefused()
    {
        string path = Path.GetTempFileName();
        try
        {
            using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.Maml());
            void Expect(string message) => ((Action)(() => MetaLearner.Load(path).Dispose())).Should().Throw<InrFileException>().WithMessage(message);
            void Write(Dictionary<string, string> change)
            {
                var metadata = new Dictionary<string, string>
                {
                    ["inr.format_version"] = "1",
                    ["inr.learner"] = "gradient",
                    ["inr.learner_options"] = learner.Description.Options.ToJsonString(),
                    ["inr.target"] = learner.Target.Description.Kind,
                    ["inr.options"] = learner.Target.Description.Options.ToJsonString(),
                };
                foreach (var (key, value) in change)
                    metadata[key] = value;
                SafeTensors.Save(path, learner.Weights.Select(w => KeyValuePair.Create(w.Name, w.Tensor)), metadata);
            }

            Write(new() { ["inr.learner"] = "oracle" });
            Expect("*'oracle' is not known here; known are*gradient*");
            Write(new() { ["inr.learner_options"] = "[1]" });
            Expect("*not a JSON object*");
            Write(new() { ["inr.learner_options"] = learner.Description.Options.ToJsonString().Replace("\"innerSteps\":2", "\"innerSteps\":-2") });
            Expect("*InnerSteps is -2*");
            Write(new() { ["inr.format_version"] = "2" });
            Expect("*version is 2*");
            using (no_grad())
                learner.Weights[0].Tensor.fill_(float.NaN);
            Write([]);
            Expect("*NaN*");
            ((Action)(() => learner.Save(path))).Should().Throw<InrException>().WithMessage("*initial*NaN*");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Create_TargetWithoutTheNamedParameters_ListsThoseItHas()
    {
        var siren = FamilyTable.Target("siren");
        Create(siren, new() { Adapt = AdaptedPart.Named, AdaptedNames = ["head.weight"] }).WithMessage("*'head.weight'*0.weight, 0.bias*2.bias*");
        Create(siren, new() { Adapt = AdaptedPart.LastLayers, LastLayers = 4 }).WithMessage("*last 4 layers*has 3*0.weight*");
        Create(siren, new() { Adapt = AdaptedPart.Latent, ModulatedLayers = [7] }).WithMessage("*Layer 7*0 to 2*");
        Create(new FourierFeatureMlp(2, 1, new FourierFeatureMlpOptions { Width = 4, Depth = 2, Frequencies = 3 }), new() { Adapt = AdaptedPart.Named, AdaptedNames = ["frequencies"] })
            .WithMessage("*'frequencies' is not trainable*0.weight*");
        Create(new FourierFeatureMlp(2, 1, new FourierFeatureMlpOptions { Width = 4, Depth = 2, Frequencies = 3, SigmoidOutput = true }), new() { SolveLinearPart = true })
            .WithMessage("*SolveLinear*linear*");
    }

    [Fact]
    public void Create_FrozenParameters_StayAndAreStored()
    {
        using var learner = new GradientMetaLearner(new FourierFeatureMlp(2, 2, new FourierFeatureMlpOptions { Width = 4, Depth = 2, Frequencies = 3 }), GradientMethods.MetaSgd());
        using var kept = learner.Weights.Single(w => w.Name == "frozen").Tensor.clone();
        learner.Train(new Training.TinyTasks(2), new MetaTrainingOptions { Steps = 3, LearningRate = 0.1 });
        Close.ShouldBeSame(learner.Weights.Single(w => w.Name == "frozen").Tensor, kept);
    }

    [Fact]
    public void Train_BoundedStepSizes_StayInTheirBounds()
    {
        using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.Functa(4));
        learner.Train(new Training.TinyTasks(3), new MetaTrainingOptions { Steps = 20, LearningRate = 1 });
        using var scope = NewDisposeScope();
        var sizes = learner.Weights.Single(w => w.Name == "step_sizes").Tensor;
        sizes.min().item<float>().Should().BeGreaterThanOrEqualTo(0);
        sizes.max().item<float>().Should().BeLessThanOrEqualTo(1);
        (sizes.eq(0) | sizes.eq(1)).any().item<bool>().Should().BeTrue("a rate of 1 drives them into their bounds");
    }

    [Fact]
    public void Train_ReptileWithAPlainStep_MovesToTheMeanOfTheAdapted()
    {
        using var learner = new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.Reptile());
        var tasks = new Training.TinyTasks(2);
        using var batch = SignalBatch.Stack([tasks.Load(0), tasks.Load(1)]);
        using var adapted = learner.Adapt(batch);
        using var mean = adapted.Flatten().mean([0]);
        learner.Train(tasks, new MetaTrainingOptions { Steps = 1, BatchSize = 2, LearningRate = 1, Rule = new Inr.Optimization.SgdRule() });
        Close.ShouldBeClose(learner.Weights[0].Tensor, mean, 1e-5);
    }

    [Fact]
    public void Builder_Use_BuildsTheLearnerOnce()
    {
        var builder = InrBuilder.ForImages(channels: 1, size: 8).UseSiren(o => o with { Width = 8 }).UseMetaSgd(o => o with { InnerSteps = 5 }).WithSeed(3);
        using var learner = (GradientMetaLearner)builder.Build();
        learner.InnerSteps.Should().Be(5);
        learner.Weights.Select(w => w.Name).Should().Equal("initial", "step_sizes");
        ((Action)(() => builder.Build())).Should().Throw<InvalidOperationException>();
        ((Action)(() => InrBuilder.ForImages().UseMaml().Build())).Should().Throw<InvalidOperationException>().WithMessage("*target*");
        ((Action)(() => InrBuilder.ForImages().UseSiren().UseMaml(o => o with { StepSize = -1 }))).Should().Throw<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage("*StepSize is -1*above 0*");
    }

    [Fact]
    public void MetaBatch_EmptyQuery_IsRefused()
    {
        using var context = new SignalBatch(rand(4, 2), rand(1, 4, 1));
        using var query = new SignalBatch(rand(0, 2), rand(1, 0, 1));
        ((Action)(() => _ = new MetaBatch(context, query))).Should().Throw<ArgumentException>().WithMessage("*query has no sample*");
    }

    private static FluentAssertions.Specialized.ExceptionAssertions<ArgumentException> Create(ITargetFunction target, GradientMetaOptions options) =>
        ((Action)(() => new GradientMetaLearner(target, options).Dispose())).Should().Throw<ArgumentException>();
}
