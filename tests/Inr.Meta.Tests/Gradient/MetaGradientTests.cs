using Inr.Testing;

namespace Inr.Meta.Tests.Gradient;

/// <summary>Exact meta-gradients against central differences of the query loss, in double.</summary>
public sealed class MetaGradientTests
{
    [Theory, MemberData(nameof(FamilyTable.Rows), MemberType = typeof(FamilyTable))]
    public void Differentiate_EveryWeight_AgreesWithFiniteDifferences(string method, string target)
    {
        using var scope = NewDisposeScope();
        var function = FamilyTable.Target(target);
        using var initial = function.Initialize().To(ScalarType.Float64);
        using var learner = new GradientMetaLearner(function, FamilyTable.Method(method), initial);
        using var batch = FamilyTable.Batch(3, 2, ScalarType.Float64);
        var objective = learner.AsObjective();
        var found = Differentiate(objective, batch);
        var trained = objective.Weights.Where(w => w.IsTrained).ToArray();
        for (int i = 0; i < trained.Length; i++)
        {
            using var kept = trained[i].Tensor.detach().clone();
            double Loss(Tensor value)
            {
                Set(trained[i], value);
                using var inner = NewDisposeScope();
                return Differentiate(objective, batch).TaskErrors.mean().item<double>();
            }

            double error = FiniteDifferences.RelativeError(Loss, kept, found.Gradients[i]);
            Set(trained[i], kept);
            error.Should().BeLessThan(1e-5, trained[i].Name);
        }
    }

    [Theory, InlineData(1, false), InlineData(2, false), InlineData(1, true), InlineData(2, true)]
    public void Differentiate_Truncated_EqualsExactUnrollFromTheLastSteps(int steps, bool recompute)
    {
        // Written out by hand: the first 4 − n steps move θ by constants, the last n are differentiated.
        using var scope = NewDisposeScope();
        var function = FamilyTable.Target("siren");
        using var initial = function.Initialize().To(ScalarType.Float64);
        var options = new GradientMetaOptions { InnerSteps = 4, OuterGradient = OuterGradient.Truncated, TruncateTo = steps, RecomputeSteps = recompute };
        using var learner = new GradientMetaLearner(function, options, initial);
        using var batch = FamilyTable.Batch(2, 2, ScalarType.Float64);
        var found = Differentiate(learner.AsObjective(), batch).Gradients[0];

        var leaf = initial.Flatten().detach().requires_grad_();
        var total = zeros(1, float64).squeeze();
        for (int task = 0; task < 2; task++)
        {
            var theta = leaf;
            for (int k = 0; k < 4; k++)
            {
                bool exact = k >= 4 - steps;
                var at = exact ? theta : theta.detach().requires_grad_();
                var loss = Error(function, at, batch.Context, task);
                var gradient = autograd.grad([loss], [at], retain_graph: true, create_graph: exact)[0];
                theta = theta - 0.01 * gradient;
            }

            total = total + Error(function, theta, batch.Query, task) / 2;
        }

        Close.ShouldBeClose(found, autograd.grad([total], [leaf])[0], 1e-10);
    }

    [Fact]
    public void Differentiate_RandomSamples_RecomputedEqualsStored()
    {
        using var scope = NewDisposeScope();
        var function = FamilyTable.Target("siren");
        using var initial = function.Initialize().To(ScalarType.Float64);
        using var batch = FamilyTable.Batch(2, 2, ScalarType.Float64);
        Tensor Gradient(ContextSelection selection, bool recompute)
        {
            var options = new GradientMetaOptions { InnerSteps = 4, Selection = selection, SelectionShare = 0.4, RecomputeSteps = recompute };
            using var learner = new GradientMetaLearner(function, options, initial);
            return Differentiate(learner.AsObjective(), batch).Gradients[0];
        }

        foreach (var selection in new[] { ContextSelection.Random, ContextSelection.LargestGradient })
        {
            var stored = Gradient(selection, false);
            Close.ShouldBeClose(Gradient(selection, true), stored, 1e-10, selection.ToString());
            Close.RelativeError(stored, Gradient(ContextSelection.All, false)).Should().BeGreaterThan(1e-3, "a part of the samples gives another gradient");
        }
    }

    [Theory, MemberData(nameof(FamilyTable.MethodNames), MemberType = typeof(FamilyTable))]
    public void Differentiate_Batch_EqualsTheMeanOfTheTasksAlone(string method)
    {
        using var scope = NewDisposeScope();
        var function = FamilyTable.Target("siren");
        using var initial = function.Initialize().To(ScalarType.Float64);
        using var learner = new GradientMetaLearner(function, FamilyTable.Method(method), initial);
        using var batch = FamilyTable.Batch(3, 2, ScalarType.Float64);
        var objective = learner.AsObjective();
        var together = Differentiate(objective, batch);
        var alone = Enumerable.Range(0, 3).Select(task =>
        {
            using var one = new MetaBatch(One(batch.Context, task), One(batch.Query, task));
            return Differentiate(objective, one);
        }).ToArray();
        for (int i = 0; i < together.Gradients.Count; i++)
            Close.ShouldBeClose(together.Gradients[i], stack(alone.Select(a => a.Gradients[i]).ToArray()).mean([0]), 1e-9);
    }

    private static SignalBatch One(SignalBatch batch, int task) =>
        new(batch.Coordinates.narrow(0, task, 1).clone(), batch.Values.narrow(0, task, 1).clone());

    private static MetaGradient Differentiate(IMetaObjective objective, MetaBatch batch)
    {
        using var generator = new Generator(7);
        return objective.Differentiate(batch, generator);
    }

    private static void Set(MetaWeight weight, Tensor value)
    {
        using var _ = no_grad();
        weight.Tensor.copy_(value);
    }

    private static Tensor Error(ITargetFunction function, Tensor flat, SignalBatch samples, int task)
    {
        var parameters = ParameterSet.FromFlat(function.Layout, flat);
        return (function.Evaluate(parameters, samples.Coordinates[task]) - samples.Values[task]).square().mean();
    }
}
