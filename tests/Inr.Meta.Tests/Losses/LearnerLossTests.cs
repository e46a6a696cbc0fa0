using Inr.Losses;
using Inr.Meta.Tests.Gradient;
using Inr.Parameterizations;
using Inr.Testing;

namespace Inr.Meta.Tests.Losses;

/// <summary>Learners ask a kernel where no graph has to remain, and refuse signals of which no sample counts.</summary>
public sealed class LearnerLossTests
{
    private static ITargetFunction Inner => FamilyTable.Target("siren");

    [Theory]
    [InlineData("first-order", 2)]
    [InlineData("reptile", 16)]
    [InlineData("exact", 0)]
    public void InnerLoop_AsksTheKernelUnlessItsStepIsDifferentiated(string member, int asked)
    {
        using var scope = NewDisposeScope();
        using var initial = Inner.Initialize().To(ScalarType.Float64);
        using var batch = FamilyTable.Batch(3, 2, ScalarType.Float64);
        var options = member switch
        {
            "first-order" => GradientMethods.FirstOrderMaml(),
            "reptile" => GradientMethods.Reptile(),
            _ => GradientMethods.Maml(),
        };
        MetaGradient Differentiate(KernelTarget target)
        {
            using var learner = new GradientMetaLearner(target, options, initial);
            using var generator = new Generator(0);
            return learner.AsObjective().Differentiate(batch, generator);
        }

        var kernel = new KernelTarget(Inner);
        var found = Differentiate(kernel);
        var expected = Differentiate(new KernelTarget(Inner) { Answers = false });
        kernel.Asked.Should().Be(asked);
        Close.ShouldBeClose(found.Gradients[0], expected.Gradients[0], 1e-10);
        Close.ShouldBeClose(found.TaskErrors, expected.TaskErrors, 1e-10);
    }

    [Fact]
    public void TestTimeSteps_AskTheKernelInEachStep()
    {
        using var scope = NewDisposeScope();
        using var initial = Inner.Initialize().To(ScalarType.Float64);
        using var batch = FamilyTable.Batch(3, 2, ScalarType.Float64);
        ParameterSet Adapt(KernelTarget target)
        {
            using var learner = new TestTimeLearner(new GradientMetaLearner(target, new GradientMetaOptions { InnerSteps = 0 }, initial), new TestTimeOptions { Steps = 5 });
            return learner.Adapt(batch.Context);
        }

        var kernel = new KernelTarget(Inner);
        using var found = Adapt(kernel);
        using var expected = Adapt(new KernelTarget(Inner) { Answers = false });
        kernel.Asked.Should().Be(5);
        for (int i = 0; i < found.Layout.Count; i++)
            Close.ShouldBeClose(found[i], expected[i], 1e-8);
    }

    [Fact]
    public void SignalWithoutASample_IsNamedByEveryLearner()
    {
        using var scope = NewDisposeScope();
        using var mask = tensor(new float[] { 1, 1, 1, 0, 0, 0 }).reshape(2, 3);
        using var context = new SignalBatch(zeros([2, 3, 2]), zeros([2, 3, 2]), mask.clone());
        using var batch = new MetaBatch(new SignalBatch(zeros([2, 3, 2]), zeros([2, 3, 2]), mask.clone()));
        using var generator = new Generator(0);
        void Refuses(Action action) => action.Should().Throw<ArgumentException>().WithMessage("*Signal 1*no sample that counts*");

        using var gradient = new GradientMetaLearner(Inner);
        Refuses(() => gradient.Adapt(context));
        Refuses(() => gradient.AsObjective().Differentiate(batch, generator));
        Refuses(() => gradient.AsObjective().Judge(batch));
        using var solving = new GradientMetaLearner(Inner, new GradientMetaOptions { SolveLinearPart = true });
        Refuses(() => solving.Adapt(context, 0));
        TransformerMetaLearner Transformer(bool solve) => new(Inner, null, new TransformerOptions { Dimension = 8, Depth = 1, Heads = 1, HeadDimension = 8, FeedForward = 8, WeightGroups = 2, SolveLinearPart = solve });
        using var transformer = Transformer(true);
        Refuses(() => transformer.Adapt(context));
        Refuses(() => transformer.Objective.Differentiate(batch, generator));
        using var steps = new TestTimeLearner(Transformer(false));
        Refuses(() => steps.Adapt(context));
    }
}
