using Inr.Testing;

namespace Inr.Meta.Tests.Contract;

/// <summary>The one rule of who owns what a learner returns, over all kinds.</summary>
public sealed class LearnerOwnershipTests
{
    [Theory, MemberData(nameof(LearnerKinds.Names), MemberType = typeof(LearnerKinds))]
    public void Adapt_InADisposeScope_BelongsToIt(string name)
    {
        using var learner = LearnerKinds.Get(name);
        using var batch = LearnerKinds.Batch();
        // A learner may keep what belongs to a grid.
        learner.Adapt(batch).Dispose();
        ParameterSet theta;
        long before;
        using (NewDisposeScope())
        {
            before = LiveTensors.Count;
            theta = learner.Adapt(batch);
            theta.Tensors.Should().OnlyContain(t => !t.IsInvalid && !t.requires_grad);
            theta.BatchSize.Should().Be(2);
            (LiveTensors.Count - before).Should().Be(theta.Layout.Count, "nothing else joins the scope");
        }

        theta.Tensors.Should().OnlyContain(t => t.IsInvalid);
        LiveTensors.Count.Should().Be(before);
    }

    [Theory, MemberData(nameof(LearnerKinds.Names), MemberType = typeof(LearnerKinds))]
    public void Adapt_WithoutScope_BelongsToTheCaller(string name)
    {
        using var learner = LearnerKinds.Get(name);
        using var batch = LearnerKinds.Batch();
        learner.Adapt(batch).Dispose();
        long before = LiveTensors.Count;

        var theta = learner.Adapt(batch);

        (LiveTensors.Count - before).Should().Be(theta.Layout.Count);
        theta.HasNonFinite().Should().BeFalse();
        theta.Dispose();
        LiveTensors.Count.Should().Be(before);
    }

    [Fact]
    public void WhatLearnersAreMadeOf_FollowsTheSameRule()
    {
        using var learner = (TransformerMetaLearner)LearnerKinds.Get("transformer, patches");
        using var solved = (TransformerMetaLearner)LearnerKinds.Get("transformer, solved");
        using var batch = LearnerKinds.Batch();
        using var generator = new Generator(1);
        Joins(() => learner.Generate(batch).Tensors);
        Joins(() => solved.Generate(batch).Tensors);
        Joins(() => learner.Network.Initialize(generator).Tensors);
        Joins(() => learner.Network.Generator.Initialize(generator));
        Joins(() => learner.Network.Encoder.Initialize(generator));
        Joins(() => learner.Network.Tokenizer.Initialize(generator));
        Joins(() => learner.Target.Initialize(generator).Tensors);
        using var theta = learner.Target.Initialize(generator);
        using var signal = new Training.TinyTasks(1).Load(0);
        var fitter = new GradientFitter(learner.Target);
        using var state = fitter.Initialize(theta);
        Joins(() =>
        {
            var (parameters, next) = fitter.Step(theta, state, signal);
            next.Dispose();
            return parameters.Tensors;
        });
    }

    [Fact]
    public void Results_InADisposeScope_OutliveIt()
    {
        using var learner = LearnerKinds.Get("gradient, latent");
        using var signal = new Training.TinyTasks(1).Load(0);
        FitResult result;
        LatentCode code;
        using (NewDisposeScope())
        {
            result = learner.Fit(signal);
            code = ((GradientMetaLearner)learner).FitLatent(signal);
        }

        using (result)
        using (code)
        {
            result.Representation.Parameters.HasNonFinite().Should().BeFalse();
            code.Numbers.shape.Should().Equal(6);
        }
    }

    private static void Joins(Func<IReadOnlyList<Tensor>> make)
    {
        make().ToList().ForEach(t => t.Dispose());
        long before = LiveTensors.Count;
        IReadOnlyList<Tensor> made;
        using (NewDisposeScope())
        {
            made = make();
            made.Should().OnlyContain(t => !t.IsInvalid);
        }

        made.Should().OnlyContain(t => t.IsInvalid, "they joined the scope");
        LiveTensors.Count.Should().Be(before);
        made = make();
        (LiveTensors.Count - before).Should().Be(made.Count, "nothing else is left to the caller");
        made.ToList().ForEach(t => t.Dispose());
        LiveTensors.Count.Should().Be(before);
    }
}
