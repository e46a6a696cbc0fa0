using Inr.Meta;
using Inr.Parameterizations;
using Inr.Testing;
using Microsoft.Extensions.Options;

namespace Inr.Tests.Transformer;

/// <summary>What the learner promises: it learns, fits any size when asked to, saves, resumes, and leaves nothing behind.</summary>
public sealed class TransformerMetaLearnerTests
{
    [Fact]
    public void Train_OnFewImages_LearnsToWriteThemInOnePass()
    {
        using var learner = Images();
        var data = Blobs(8);
        double before = Psnr(learner, data);
        var result = learner.Train(data, new MetaTrainingOptions { Steps = 150, BatchSize = 8, LearningRate = 2e-3, HeldOut = data });
        result.HeldOutPsnr.Should().BeGreaterThan(before + 6).And.BeApproximately(Psnr(learner, data), 1e-3);
    }

    [Fact]
    public void Train_WithClosedFormPart_BeatsGeneratedLastLayer()
    {
        var data = Blobs(8);
        using var plain = Images();
        using var solved = Images(o => o with { SolveLinearPart = true });
        var options = new MetaTrainingOptions { Steps = 30, BatchSize = 8, LearningRate = 2e-3 };
        plain.Train(data, options);
        solved.Train(data, options);
        Psnr(solved, data).Should().BeGreaterThan(Psnr(plain, data) + 3);
    }

    [Fact]
    public void Train_Resumed_GivesNumbersOfUninterruptedRun()
    {
        var data = Blobs(5);
        string path = Path.GetTempFileName();
        MetaTrainingOptions Options(int steps) => new() { Steps = steps, BatchSize = 2, LearningRate = 1e-3, CheckpointPath = path };
        using var whole = Images();
        whole.Train(data, Options(8));
        using var first = Images();
        first.Train(data, Options(5));
        using var second = Images();
        var resumed = Options(8);
        resumed = resumed with { ResumeFrom = path };
        second.Train(data, resumed);
        foreach (var (a, b) in whole.Weights.Zip(second.Weights))
            Close.ShouldBeSame(b.Tensor, a.Tensor, a.Name);

        using var other = Images(o => o with { Depth = 1 });
        ((Action)(() => other.Train(data, resumed))).Should().Throw<InrFileException>().WithMessage("*its learner is \"depth\":2, this run's is \"depth\":1.*");
        File.Delete(path);
    }

    [Theory]
    [InlineData(false, "cuts,coefficients")]
    [InlineData(true, "cuts")]
    public void Train_OnPiecewiseFourierTarget_LearnsCutsWithOrWithoutCoefficients(bool solved, string generated)
    {
        var target = new CellFourierTarget(2, 1, new CellFourierOptions { Cells = 2, Terms = 3 });
        var options = Small();
        options = options with { SolveLinearPart = solved };
        using var learner = new TransformerMetaLearner(target, 8, options, seed: 3);
        string[] names = [.. learner.Network.Generator.Blocks.Where(b => b.Tokens > 0).Select(b => b.Name)];
        names.Should().HaveCount(generated.Split(',').Length);
        names.Contains("coefficients").Should().Be(!solved);
        var data = Blobs(8);
        double before = Psnr(learner, data);
        learner.Train(data, new MetaTrainingOptions { Steps = 60, BatchSize = 8, LearningRate = 2e-3 });
        Psnr(learner, data).Should().BeGreaterThan(before + (solved ? 0.3 : 5));
        using var image = data.Load(0);
        using var result = learner.Fit(image);
        result.Representation.FloatCount.Should().Be(target.Layout.FloatCount);
    }

    [Fact]
    public void Train_WithAverage_EndsWithAverageOfItsSteps()
    {
        var data = Blobs(4);
        const double Decay = 0.2;
        MetaTrainingOptions Options(int steps) => new() { Steps = steps, BatchSize = 2, LearningRate = 1e-3 };
        using var averaged = Images(o => o with { AverageDecay = Decay });
        averaged.Train(data, Options(4));
        // The same run without an average, stopped after every step.
        using var scope = NewDisposeScope();
        var expected = Images().Weights.Select(w => w.Tensor.detach().to(float64)).ToArray();
        for (int n = 0; n < 4; n++)
        {
            using var plain = Images();
            plain.Train(data, Options(n + 1));
            double share = 1 - Math.Min(Decay, (1 + n) / (10.0 + n));
            for (int i = 0; i < expected.Length; i++)
                expected[i] = expected[i] + share * (plain.Weights[i].Tensor.detach().to(float64) - expected[i]);
        }

        for (int i = 0; i < expected.Length; i++)
            Close.ShouldBeClose(averaged.Weights[i].Tensor, expected[i], 1e-5, averaged.Weights[i].Name);
    }

    [Fact]
    public void Train_WithAverageResumed_GivesNumbersOfUninterruptedRun()
    {
        var data = Blobs(5);
        string path = Path.GetTempFileName();
        MetaTrainingOptions Options(int steps) => new() { Steps = steps, BatchSize = 2, LearningRate = 1e-3, CheckpointPath = path, HeldOut = data, EvaluateEvery = 2 };
        using var whole = Images(o => o with { AverageDecay = 0.5 });
        whole.Train(data, Options(6));
        using var first = Images(o => o with { AverageDecay = 0.5 });
        first.Train(data, Options(3));
        using var second = Images(o => o with { AverageDecay = 0.5 });
        var resumed = Options(6);
        resumed = resumed with { ResumeFrom = path };
        second.Train(data, resumed);
        foreach (var (a, b) in whole.Weights.Zip(second.Weights))
            Close.ShouldBeSame(b.Tensor, a.Tensor, a.Name);
        File.Delete(path);
    }

    [Fact]
    public void Train_OnFixedFrequencies_KeepsThemAndStoresThem()
    {
        var target = new FourierFeatureMlp(2, 1, new FourierFeatureMlpOptions { Width = 8, Depth = 2, Frequencies = 4 });
        using var learner = new TransformerMetaLearner(target, 8, Small(), seed: 3);
        var frequencies = learner.Weights.Single(w => w.Name == "base_params.frequencies");
        using var before = frequencies.Tensor.detach().clone();
        var data = Blobs(3);
        learner.Train(data, new MetaTrainingOptions { Steps = 3, BatchSize = 3 });
        Close.ShouldBeSame(frequencies.Tensor, before);
    }

    [Fact]
    public void Train_Long_KeepsLiveTensorsFlat()
    {
        using var learner = Images();
        var data = Blobs(4);
        var counts = new List<long>();
        learner.Train(data, new MetaTrainingOptions { Steps = 500, BatchSize = 2, ReportEvery = 100 }, new Reports(_ => counts.Add(LiveTensors.Count)));
        counts.Should().HaveCount(5).And.OnlyContain(n => n == counts[0]);
    }

    [Fact]
    public void Fit_OfAnotherSize_RefusesUnlessAskedToResize()
    {
        using var image = FitterContract.TestImage(12, 16, 1);
        using var strict = Images();
        ((Action)(() => strict.Fit(image))).Should().Throw<ArgumentException>().WithMessage("*8×8*ResizeImages*");
        using var lenient = Images(o => o with { ResizeImages = true });
        using var result = lenient.Fit(image);
        result.Representation.Domain.Should().Be(image.Domain);
        using var rendered = result.Representation.Render();
        double error = Math.Pow(10, -Inr.Psnr.Of(image, rendered) / 10);
        result.Loss.Should().BeApproximately(error, 1e-5);
    }

    [Fact]
    public void UseLinearType_BFloat16_ChangesThetaByRoundingAndTrainingUndoesIt()
    {
        using var learner = Images();
        var data = Blobs(2);
        using var image = data.Load(0);
        using var batch = SignalBatch.Of(image);
        using var exact = learner.Adapt(batch);
        learner.UseLinearType(ScalarType.BFloat16);
        using var fast = learner.Adapt(batch);
        Close.RelativeError(fast[0], exact[0]).Should().BeInRange(1e-6, 0.05);
        learner.Train(data, new MetaTrainingOptions { Steps = 0 });
        using var again = learner.Adapt(batch);
        Close.ShouldBeSame(again[0], exact[0]);
    }

    [Fact]
    public void SaveAndLoad_OfEveryOption_GivesSameTheta()
    {
        using var learner = Images(o => o with
        {
            UpdateRule = WeightUpdateRule.LowRank,
            GroupOrder = GroupOrder.Contiguous,
            InstanceBiases = true,
            SolveLinearPart = true,
            GroupsOfBlock = new Dictionary<string, int> { ["wb0"] = 3 },
        });
        var data = Blobs(1);
        using var image = data.Load(0);
        using var batch = SignalBatch.Of(image);
        using var expected = learner.Adapt(batch);
        string path = Path.GetTempFileName();
        learner.Save(path);
        using var loaded = MetaLearner.Load(path);
        File.Delete(path);
        using var actual = loaded.Adapt(batch);
        for (int i = 0; i < expected.Layout.Count; i++)
            Close.ShouldBeSame(actual[i], expected[i]);
    }

    [Fact]
    public void UseTransformer_OnBuilder_BuildsLearnerOfItsOptions()
    {
        using var learner = InrBuilder.ForImages(channels: 1, size: 8).UseReluMlp(o => o with { Width = 8 })
            .UseTransformer(o => o with { Dimension = 16, WeightGroups = 4 }).WithSeed(7).Build();
        var transformer = learner.Should().BeOfType<TransformerMetaLearner>().Subject;
        transformer.ImageSize.Should().Be(8);
        transformer.Network.Encoder.Dimension.Should().Be(16);
        transformer.Network.Generator.Blocks[0].Tokens.Should().Be(4);

        var act = () => InrBuilder.ForImages(size: 8).UseReluMlp().UseTransformer(o => o with { Heads = 0 });
        act.Should().Throw<OptionsValidationException>().WithMessage("*Heads is 0*between 1 and 256*");
        ((Action)(() => InrBuilder.ForImages(size: 9).UseReluMlp().UseTransformer().Build())).Should().Throw<ArgumentException>().WithMessage("*9 pixels*patches of 8*");
    }

    [Fact]
    public void Constructor_OfClosedFormWithoutLinearPart_Refuses()
    {
        var target = new FourierFeatureMlp(2, 1, new FourierFeatureMlpOptions { SigmoidOutput = true });
        ((Func<object>)(() => new TransformerMetaLearner(target, 8, new TransformerOptions { SolveLinearPart = true }))).Should().Throw<ArgumentException>().WithMessage("*SolveLinearPart*");
    }

    [Fact]
    public void Fitter_KeepsEveryPromise()
    {
        using var fitter = new TransformerMetaLearner(new ReluMlp(2, 3, new ReluMlpOptions { Depth = 2, Width = 8, EncodingSize = 4, MaxFrequency = 2 }), null, Small());
        FitterContract.SignalUntouched(fitter);
        FitterContract.Deterministic(fitter);
        FitterContract.ThreadsDoNotDisturb(fitter);
        FitterContract.SaveLoadExact(fitter);
        FitterContract.CancelReturnsBestSoFar(fitter);
        FitterContract.WrongSignalRefused(fitter);
        FitterContract.NoTensorLeft(fitter);
    }

    [Fact]
    public void TestTimeSteps_AreThoseOfTheGradientFitterAndImprove()
    {
        var data = Blobs(2);
        using var first = data.Load(0);
        using var second = data.Load(1);
        using var batch = SignalBatch.Stack([first, second]);
        using var learner = new TestTimeLearner(Images(), new TestTimeOptions { Steps = 20, LearningRate = 1e-3 });
        using var adapted = learner.Adapt(batch);
        using var plain = Images();
        using var generated = plain.Fit(second);
        var fitter = new GradientFitter(learner.Target!, new GradientFitterOptions { Steps = 20, LearningRate = 1e-3, Schedule = Optimization.LearningRateSchedule.Constant });
        using var expected = fitter.FitFrom(generated.Representation.Parameters, second);
        for (int i = 0; i < adapted.Layout.Count; i++)
            Close.ShouldBeClose(adapted[i].select(0, 1), expected.Representation.Parameters[i], 1e-4, adapted.Layout[i].Name);
        using var fitted = learner.Fit(second);
        fitted.Loss.Should().BeApproximately(expected.Loss, 1e-6).And.BeLessThan(generated.Loss);
        LiveTensors.ShouldStayFlat(() => learner.Adapt(batch).Dispose(), runs: 2);
    }

    [Fact]
    public void TestTimeStepsWithSolve_AreAdamOnTheSolvedLoss()
    {
        var data = Blobs(2);
        using var signal = data.Load(1);
        using var batch = SignalBatch.Of(signal);
        const double Ridge = 1e-4;
        using var learner = new TestTimeLearner(Images(), new TestTimeOptions { Steps = 2, LearningRate = 1e-2, SolveLinearPart = true, Ridge = Ridge });
        using var fitted = learner.Fit(signal);
        using var adapted = learner.Adapt(batch);

        // By hand: Adam on the loss after an explicit least-squares solve in float64, through which autograd goes.
        using var scope = NewDisposeScope();
        using var plain = Images();
        var generated = plain.Adapt(batch).Select(0).To(float64);
        var target = (ReluMlp)learner.Target!;
        var inner = generated.Tensors.SkipLast(2).Select(t => t.detach().requires_grad_()).ToArray();
        var mean = inner.Select(t => zeros_like(t)).ToArray();
        var square = inner.Select(t => zeros_like(t)).ToArray();
        var x = signal.Coordinates.to(float64);
        var y = signal.Values.to(float64);
        double before = Solved().ToDouble();
        for (int step = 1; step <= 2; step++)
        {
            var gradients = autograd.grad([Solved()], inner);
            for (int i = 0; i < inner.Length; i++)
            {
                mean[i] = (0.9 * mean[i]) + (0.1 * gradients[i]);
                square[i] = (0.999 * square[i]) + (0.001 * gradients[i].square());
                var direction = mean[i] / (1 - Math.Pow(0.9, step)) / ((square[i] / (1 - Math.Pow(0.999, step))).sqrt() + 1e-8);
                inner[i] = (inner[i] - (1e-2 * direction)).detach().requires_grad_();
            }
        }

        double expected = Solved().ToDouble();
        fitted.Loss.Should().BeApproximately(expected, 1e-3 * expected).And.BeLessThan(before);
        fitted.Steps.Should().Be(2);
        // Adam divides gradients that are rounding alone by their own size, so the loss is compared, not every weight.
        learner.Target!.Evaluate(adapted, signal.Coordinates).sub(signal.Values).square().mean().ToDouble().Should().BeApproximately(expected, 1e-3 * expected);
        LiveTensors.ShouldStayFlat(() => learner.Fit(signal).Dispose(), runs: 2);

        Tensor Solved()
        {
            var h = target.Features(generated.WithTrainable([.. inner, generated.Tensors[^2], generated.Tensors[^1]]), x);
            var a = cat([h, ones(h.shape[0], 1, float64)], 1);
            var gram = a.t().mm(a);
            var right = a.t().mm(y - 0.5);
            var solution = linalg.solve(gram + (eye(a.shape[1], dtype: float64) * gram.diagonal().mean() * Ridge), right);
            return (a.mm(solution) + 0.5 - y).square().mean();
        }
    }

    [Fact]
    public void ResidualStepReport_LastRow_IsTheLearnerItself()
    {
        using var learner = Images();
        var data = Blobs(2);
        learner.Train(data, new MetaTrainingOptions { Steps = 20, BatchSize = 2 });
        using var first = data.Load(0);
        using var second = data.Load(1);
        using var batch = SignalBatch.Stack([first, second]);
        var report = ResidualStepReport.Measure(learner, batch);
        report.Steps.Select(s => s.Block).Should().Equal(-1, 0, 1);
        report.Steps[^1].Psnr.Should().BeApproximately(Psnr(learner, data), 1e-3);
        foreach (var step in report.Steps.Skip(1))
            step.UpdateNorm.Should().BeInRange(1e-3, step.AttentionNorm + step.FeedForwardNorm);
        report.ToString().Split('\n').Should().HaveCount(6);
    }

    internal static SignalList Blobs(int count)
    {
        using var generator = new Generator(11);
        return new SignalList([.. Enumerable.Range(0, count).Select(i =>
        {
            using var scope = NewDisposeScope();
            var grid = CoordinateGrid.Create([8, 8]);
            var centre = rand([2], generator: generator) - 0.5;
            return Signal.FromGrid((-(grid - centre).square().sum(-1, true) * 4).exp(), [8, 8], $"blob {i}");
        })]);
    }

    private static TransformerMetaLearner Images(Func<TransformerOptions, TransformerOptions>? configure = null)
    {
        var options = configure?.Invoke(Small()) ?? Small();
        return new TransformerMetaLearner(new ReluMlp(2, 1, new ReluMlpOptions { Depth = 3, Width = 16, EncodingSize = 8, MaxFrequency = 4, OutputOffset = 0.5 }), 8, options, seed: 3);
    }

    private static TransformerOptions Small() => new() { Dimension = 16, Depth = 2, Heads = 2, HeadDimension = 8, FeedForward = 32, PatchSize = 4, WeightGroups = 8 };

    private static double Psnr(TransformerMetaLearner learner, SignalList data) => Enumerable.Range(0, data.Count).Average(i =>
    {
        using var image = data.Load(i);
        using var result = learner.Fit(image);
        return result.Psnr;
    });

    private sealed class Reports(Action<MetaTrainingProgress> report) : IProgress<MetaTrainingProgress>
    {
        public void Report(MetaTrainingProgress value) => report(value);
    }
}
