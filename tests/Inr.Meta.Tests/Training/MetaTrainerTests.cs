using Inr.Files;
using Inr.Meta.Tests.Gradient;
using Inr.Optimization;
using Inr.Testing;

namespace Inr.Meta.Tests.Training;

/// <summary>The outer loop that all meta-learners share, driven by a small MAML.</summary>
public sealed class MetaTrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inr-trainer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private static GradientMetaLearner Learner(Func<GradientMetaOptions, GradientMetaOptions>? change = null)
    {
        var options = GradientMethods.MetaSgd();
        options = change?.Invoke(options) ?? options;
        return new GradientMetaLearner(FamilyTable.Target("siren"), options);
    }

    [Fact]
    public void Train_ManySteps_LowersTheHeldOutError()
    {
        using var learner = Learner();
        var result = learner.Train(new TinyTasks(24), new MetaTrainingOptions { Steps = 150, LearningRate = 3e-3, HeldOut = new TinyTasks(6), EvaluateEvery = 50 });
        result.Status.Should().Be(MetaTrainingStatus.Completed);
        result.Steps.Should().Be(150);
        var looks = result.History.Where(h => h.HeldOutPsnr is not null).ToArray();
        looks.Select(h => h.Step).Should().Equal(50, 100, 150);
        looks[^1].HeldOutPsnr.Should().BeGreaterThan(looks[0].HeldOutPsnr!.Value + 1);
        result.HeldOutPsnr.Should().Be(looks[^1].HeldOutPsnr);
        result.Message.Should().Contain("150 steps");
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Train_Resumed_GivesTheBitsOfAnUninterruptedRun(bool subsets)
    {
        MetaTrainingOptions Options(int steps) => new()
        {
            Steps = steps,
            BatchSize = 3,
            Seed = 5,
            ClipNorm = 0.5,
            Schedule = new LearningRateSchedule((t, _) => 1.0 / (1 + t)),
            ContextFraction = subsets ? 0.5 : 1,
            QueryFraction = subsets ? 0.7 : 1,
            CheckpointEvery = 4,
        };
        var tasks = new TinyTasks(7);
        using var whole = Learner(o => o with { Selection = ContextSelection.Random });
        whole.Train(tasks, Options(11));

        using var first = Learner(o => o with { Selection = ContextSelection.Random });
        var options = Options(6);
        options = options with { CheckpointPath = Path("run.safetensors") };
        first.Train(tasks, options);
        using var second = Learner(o => o with { Selection = ContextSelection.Random });
        options = Options(11);
        options = options with { ResumeFrom = Path("run.safetensors") };
        second.Train(tasks, options).Steps.Should().Be(11);

        for (int i = 0; i < whole.Weights.Count; i++)
            Close.ShouldBeSame(second.Weights[i].Tensor, whole.Weights[i].Tensor, whole.Weights[i].Name);
        Close.RelativeError(first.Weights[0].Tensor, whole.Weights[0].Tensor).Should().BeGreaterThan(0, "eleven steps are not six");
    }

    [Fact]
    public void Train_CheckpointOfAnotherConfiguration_IsRefusedAndNamesWhatDiffers()
    {
        using var learner = Learner();
        learner.Train(new TinyTasks(4), new MetaTrainingOptions { Steps = 2, CheckpointPath = Path("a") });
        using var kept = learner.Weights[0].Tensor.detach().clone();
        Refused(learner, o => o with { BatchSize = 2 }).WithMessage("*batch size is 4, this run's is 2*");
        Refused(learner, o => o with { LearningRate = 1 }).WithMessage("*learning rate is 0.0001, this run's is 1*");
        Refused(learner, o => o with { Seed = 9 }).WithMessage("*seed*");
        Refused(learner, o => o with { Schedule = LearningRateSchedule.Cosine() }).WithMessage("*schedule*");
        using var other = Learner(o => o with { InnerSteps = 3 });
        Refused(other, o => o).WithMessage("*its learner is*innerSteps\":2*this run*innerSteps\":3*");
        ((Action)(() => learner.Train(new TinyTasks(5), new MetaTrainingOptions { Steps = 3, ResumeFrom = Path("a") }))).Should().Throw<InrFileException>().WithMessage("*signals is 4 names*this run's is 5 names*");
        Close.ShouldBeSame(learner.Weights[0].Tensor, kept, "a refused checkpoint changes nothing");
    }

    [Fact]
    public void Train_CheckpointOfAnotherUpdateRule_IsRefusedAndNamesTheSetting()
    {
        using var learner = Learner();
        learner.Train(new TinyTasks(4), new MetaTrainingOptions { Steps = 2, CheckpointPath = Path("a") });
        Refused(learner, o => o with { Rule = new AdamRule(beta1: 0.5) }).WithMessage("*update rule beta1 is 0.9, this run's is 0.5*Resume with the options of that run*");
        Refused(learner, o => o with { Rule = new AdamRule(beta2: 0.99) }).WithMessage("*beta2 is 0.999, this run's is 0.99*");
        Refused(learner, o => o with { Rule = new AdamRule(epsilon: 1e-6) }).WithMessage("*epsilon is 1E-08, this run's is 1E-06*");
        Refused(learner, o => o with { Rule = new AdamRule(weightDecay: 0.1) }).WithMessage("*weightDecay is 0, this run's is 0.1*");
        Refused(learner, o => o with { Rule = new AdamRule(decoupledDecay: true) }).WithMessage("*decoupledDecay is false, this run's is true*");
        Refused(learner, o => o with { Rule = new SgdRule() }).WithMessage("*update rule is adam, this run's is sgd*");
        learner.Train(new TinyTasks(4), new MetaTrainingOptions { Steps = 3, ResumeFrom = Path("a"), Rule = new AdamRule() }).Steps.Should().Be(3);

        learner.Train(new TinyTasks(4), new MetaTrainingOptions { Steps = 2, CheckpointPath = Path("a"), Rule = new SgdRule(momentum: 0.9) });
        Refused(learner, o => o with { Rule = new SgdRule(momentum: 0.9, nesterov: true) }).WithMessage("*nesterov is false, this run's is true*");
    }

    [Fact]
    public void Train_CheckpointFromBeforeRulesDescribedThemselves_ResumesWithTheUsualSettings()
    {
        using var learner = Learner();
        learner.Train(new TinyTasks(4), new MetaTrainingOptions { Steps = 2, CheckpointPath = Path("a") });
        using (var reader = new SafeTensorsReader(Path("a")))
        {
            var text = reader.Metadata.Where(p => !p.Key.StartsWith("inr.training.update_rule", StringComparison.Ordinal)).Append(new("inr.training.rule", "AdamRule")).ToArray();
            var tensors = reader.ReadAll();
            SafeTensors.Save(Path("b"), tensors, text);
            SafeTensors.Save(Path("c"), tensors, text.Select(p => p.Key == "inr.training.rule" ? new(p.Key, "OwnRule") : p));
            foreach (var tensor in tensors.Values)
                tensor.Dispose();
        }

        File.Move(Path("b"), Path("a"), overwrite: true);
        learner.Train(new TinyTasks(4), new MetaTrainingOptions { Steps = 3, ResumeFrom = Path("a") }).Steps.Should().Be(3);
        Refused(learner, o => o with { Rule = new AdamRule(beta1: 0.5) }).WithMessage("*beta1 is 0.9, this run's is 0.5. It is older*");
        File.Move(Path("c"), Path("a"), overwrite: true);
        Refused(learner, o => o).WithMessage("*update rule is OwnRule, this run's is adam. It is older*");
    }

    [Fact]
    public void Train_DamagedCheckpoint_IsRefused()
    {
        using var learner = Learner();
        learner.Train(new TinyTasks(4), new MetaTrainingOptions { Steps = 2, CheckpointPath = Path("a") });
        byte[] bytes = File.ReadAllBytes(Path("a"));
        File.WriteAllBytes(Path("a"), bytes[..(bytes.Length / 2)]);
        Refused(learner, o => o);
        learner.Save(Path("a"));
        Refused(learner, o => o).WithMessage("*not a training checkpoint*");
    }

    [Fact]
    public void Train_BrokenSignals_AreSkippedReportedAndCounted()
    {
        using var learner = Learner();
        var tasks = new TinyTasks(6, 6, 1, 4);
        var seen = new List<SkippedSignal>();
        var result = learner.Train(tasks, new MetaTrainingOptions { Steps = 6, BatchSize = 3, ReportEvery = 1 }, new Collect(p => seen.AddRange(p.Skipped)));
        result.Steps.Should().Be(6);
        result.Skipped.Select(s => s.Name).Should().BeEquivalentTo("task 1.png", "task 4.png");
        result.Skipped[0].Reason.Should().Contain("truncated");
        seen.Should().BeEquivalentTo(result.Skipped, "each is reported once");
        tasks.Loads.Should().OnlyContain(n => n == 1, "signals are decoded once, broken ones tried once");
    }

    [Fact]
    public void Train_CacheTooSmall_LoadsAgainAndTrainsTheSame()
    {
        using var cached = Learner();
        cached.Train(new TinyTasks(5), new MetaTrainingOptions { Steps = 5 });
        using var uncached = Learner();
        var tasks = new TinyTasks(5);
        uncached.Train(tasks, new MetaTrainingOptions { Steps = 5, CacheBytes = 0 });
        tasks.Loads.Sum().Should().BeGreaterThan(5);
        Close.ShouldBeSame(uncached.Weights[0].Tensor, cached.Weights[0].Tensor);
    }

    [Fact]
    public void Train_NothingReadable_SaysSo()
    {
        using var learner = Learner();
        ((Action)(() => learner.Train(new TinyTasks(2, 6, 0, 1)))).Should().Throw<InrException>().WithMessage("None of the 2 signals can be read*truncated*");
        ((Action)(() => learner.Train(new TinyTasks(0)))).Should().Throw<ArgumentException>().WithMessage("*empty*");
    }

    [Fact]
    public void Train_Cancelled_KeepsTheLastStepAndItsCheckpoint()
    {
        using var learner = Learner();
        using var source = new CancellationTokenSource();
        var options = new MetaTrainingOptions { Steps = 100, ReportEvery = 1, CheckpointPath = Path("c") };
        var result = learner.Train(new TinyTasks(4), options, new Collect(p =>
        {
            if (p.Step == 3)
                source.Cancel();
        }), source.Token);
        result.Status.Should().Be(MetaTrainingStatus.Cancelled);
        result.Steps.Should().Be(3);
        using var three = Learner();
        three.Train(new TinyTasks(4), new MetaTrainingOptions { Steps = 3 });
        Close.ShouldBeSame(learner.Weights[0].Tensor, three.Weights[0].Tensor);
        using var resumed = Learner();
        resumed.Train(new TinyTasks(4), new MetaTrainingOptions { Steps = 3, ResumeFrom = Path("c") }).Steps.Should().Be(3);
        Close.ShouldBeSame(resumed.Weights[0].Tensor, three.Weights[0].Tensor);
    }

    [Theory]
    [InlineData("maml")]
    [InlineData("recomputed")]
    [InlineData("reptile")]
    public void Train_CancelledWithinAStep_IsAsIfThatStepHadNotBegun(string method)
    {
        using var learner = Create();
        using var source = new CancellationTokenSource();
        // The third signal is read when the third step has begun.
        var tasks = new StoppingTasks(new TinyTasks(6), 3, source);

        var result = learner.Train(tasks, new MetaTrainingOptions { Steps = 6, BatchSize = 1 }, cancellationToken: source.Token);

        result.Status.Should().Be(MetaTrainingStatus.Cancelled);
        result.Steps.Should().Be(2);
        using var two = Create();
        two.Train(new TinyTasks(6), new MetaTrainingOptions { Steps = 2, BatchSize = 1 });
        for (int i = 0; i < two.Weights.Count; i++)
            Close.ShouldBeSame(learner.Weights[i].Tensor, two.Weights[i].Tensor);

        GradientMetaLearner Create() => new(FamilyTable.Target("siren"), method switch
        {
            "reptile" => GradientMethods.Reptile(),
            "recomputed" => GradientMethods.Maml() with { RecomputeSteps = true },
            _ => GradientMethods.Maml(),
        });
    }

    [Fact]
    public void Train_CancelledBeforeAnyStep_SaysNoDecibels()
    {
        using var learner = Learner();
        using var source = new CancellationTokenSource();
        source.Cancel();
        learner.Train(new TinyTasks(2), new MetaTrainingOptions { Steps = 6 }, cancellationToken: source.Token).Message.Should().StartWith("Cancelled after 0 steps");
    }

    [Fact]
    public void Train_TimeLimit_EndsTheRun()
    {
        using var learner = Learner();
        var result = learner.Train(new TinyTasks(4), new MetaTrainingOptions { Steps = int.MaxValue, TimeLimit = TimeSpan.FromMilliseconds(50) });
        result.Status.Should().Be(MetaTrainingStatus.TimeLimitReached);
        result.Steps.Should().BeInRange(1, 1_000_000);
    }

    [Fact]
    public void Train_InnerLoopDiverges_NamesSignalAndStepsAndKeepsTheWeights()
    {
        using var learner = new GradientMetaLearner(FamilyTable.Target("relu-mlp"), new GradientMetaOptions { StepSize = 1e18, InnerSteps = 4 });
        using var kept = learner.Weights[0].Tensor.detach().clone();
        ((Action)(() => learner.Train(new TinyTasks(1), new MetaTrainingOptions { BatchSize = 1 }))).Should().Throw<DivergedException>()
            .WithMessage("Diverged at step 1*'task 0.png'*inner step * of 4*");
        Close.ShouldBeSame(learner.Weights[0].Tensor, kept);
    }

    [Fact]
    public void Train_SignalsOfDifferentSizes_ArePadded()
    {
        using var learner = Learner();
        var small = new TinyTasks(1, 4).Load(0);
        var large = new TinyTasks(2, 7).Load(1);
        using (small)
        using (large)
        {
            var result = learner.Train(new SignalList([small, large]), new MetaTrainingOptions { Steps = 3, BatchSize = 2 });
            result.Loss.Should().BePositive();
            // The mean of the two signals alone is what the padded batch must give.
            using var both = new MetaBatch(SignalBatch.Stack([small, large]));
            using var a = new MetaBatch(SignalBatch.Of(small));
            using var b = new MetaBatch(SignalBatch.Of(large));
            using var scope = NewDisposeScope();
            using var generator = new Generator(0);
            var objective = learner.AsObjective();
            var padded = objective.Differentiate(both, generator).Gradients[0];
            var alone = (objective.Differentiate(a, generator).Gradients[0] + objective.Differentiate(b, generator).Gradients[0]) / 2;
            Close.ShouldBeClose(padded, alone, 1e-4);
        }
    }

    [Fact]
    public void Train_SignalsOfOtherDimensions_AreRefused()
    {
        using var learner = Learner();
        using var sound = Signal.FromGrid(new float[32], [32], 1);
        ((Action)(() => learner.Train(new SignalList([sound])))).Should().Throw<ArgumentException>().WithMessage("*2 coordinates to 2 values*1 and 1*");
    }

    [Fact]
    public void Train_InvalidOptions_NamesEach()
    {
        using var learner = Learner();
        ((Action)(() => learner.Train(new TinyTasks(1), new MetaTrainingOptions { QueryFraction = 0, BatchSize = 0 }))).Should()
            .Throw<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage("*BatchSize is 0*QueryFraction is 0*");
    }

    [Fact]
    public void Train_FiveHundredSteps_LeavesNoTensor()
    {
        using var learner = Learner(o => o with { Selection = ContextSelection.LargestGradient });
        var live = new List<long>();
        learner.Train(new TinyTasks(4, 4), new MetaTrainingOptions { Steps = 500, BatchSize = 2, ReportEvery = 1, ContextFraction = 0.8 }, new Collect(p => live.Add(LiveTensors.Count)));
        live.Skip(10).Distinct().Should().ContainSingle("every step disposes of what it made");
    }

    [Fact]
    public void Train_Run_LeavesNoTensor()
    {
        using var learner = Learner();
        var tasks = new TinyTasks(4);
        LiveTensors.ShouldStayFlat(() => learner.Train(tasks, new MetaTrainingOptions { Steps = 3, HeldOut = tasks, CheckpointPath = Path("x") }));
    }

    private FluentAssertions.Specialized.ExceptionAssertions<InrFileException> Refused(GradientMetaLearner learner, Func<MetaTrainingOptions, MetaTrainingOptions> change)
    {
        var options = change(new MetaTrainingOptions { Steps = 3, ResumeFrom = Path("a") });
        return ((Action)(() => learner.Train(new TinyTasks(4), options))).Should().Throw<InrFileException>();
    }

    private sealed class Collect(Action<MetaTrainingProgress> seen) : IProgress<MetaTrainingProgress>
    {
        public void Report(MetaTrainingProgress value) => seen(value);
    }
}
