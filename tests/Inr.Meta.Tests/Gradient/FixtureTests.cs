using Inr.Testing;

namespace Inr.Meta.Tests.Gradient;

/// <summary>Adapted parameters, inner losses and meta-gradients against PyTorch.</summary>
public sealed class FixtureTests
{
    private const ScalarType F32 = ScalarType.Float32;
    private const ScalarType F64 = ScalarType.Float64;

    private static GradientMetaOptions Options(OuterGradient outer = OuterGradient.Exact, StepSizeRule rule = StepSizeRule.Fixed, bool recompute = false) =>
        new() { InnerSteps = 3, StepSize = 1e-2, OuterGradient = outer, StepSizeRule = rule, RecomputeSteps = recompute };

    [Theory, InlineData(F64), InlineData(F32)]
    public void Adapt_ThreeSteps_GivesTheParametersOfPyTorch(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var fixture = new MetaFixture("gradient_meta.npz", dtype);
        using var learner = new GradientMetaLearner(fixture.Target, Options(), fixture.Initial);
        using var adapted = learner.Adapt(fixture.Batch.Context);
        for (int task = 0; task < 3; task++)
        {
            using var one = adapted.Select(task);
            using var expected = fixture.Set($"adapted{task}");
            for (int i = 0; i < one.Layout.Count; i++)
                Close.ShouldBeClose(one[i], expected[i], fixture.Tolerance, one.Layout[i].Name);
        }
    }

    [Theory, InlineData(F64), InlineData(F32)]
    public void Fit_ThreeSteps_SeesTheInnerLossesOfPyTorch(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var fixture = new MetaFixture("gradient_meta.npz", dtype);
        using var learner = new GradientMetaLearner(fixture.Target, Options(), fixture.Initial);
        var expected = fixture.Read("inner_losses");
        for (int task = 0; task < 3; task++)
        {
            using var signal = new Signal(fixture.Batch.Context.Coordinates[task].clone(), fixture.Batch.Context.Values[task].clone());
            using var result = learner.Fit(signal);
            using var losses = torch.tensor(result.History.Select(h => h.Loss).ToArray());
            Close.ShouldBeClose(losses, expected[task], fixture.Tolerance);
        }
    }

    [Theory, InlineData(F64, false), InlineData(F32, false), InlineData(F64, true), InlineData(F32, true)]
    public void Differentiate_Exact_IsTheSecondOrderGradientOfPyTorch(ScalarType dtype, bool recompute) =>
        Check(dtype, Options(recompute: recompute), "initial", f => f.Flat("maml_meta_grad"));

    [Theory, InlineData(F64, false), InlineData(F32, false), InlineData(F64, true), InlineData(F32, true)]
    public void Differentiate_FirstOrder_IsTheFirstOrderGradientOfPyTorch(ScalarType dtype, bool recompute) =>
        Check(dtype, Options(OuterGradient.FirstOrder, recompute: recompute), "initial", f => f.Flat("fomaml_meta_grad"));

    [Theory, InlineData(F64, false), InlineData(F32, false), InlineData(F64, true), InlineData(F32, true)]
    public void Differentiate_PerElementSizes_IsTheStepSizeGradientOfPyTorch(ScalarType dtype, bool recompute) =>
        Check(dtype, Options(rule: StepSizeRule.PerElement, recompute: recompute), "step_sizes", f => f.Flat("metasgd_lr_grad").unsqueeze(0));

    [Theory, InlineData(F64), InlineData(F32)]
    public void Differentiate_Displacement_IsMinusTheOneOfPyTorch(ScalarType dtype) =>
        Check(dtype, Options(OuterGradient.Displacement), "initial", f => -f.Flat("reptile_delta"));

    [Theory, InlineData(F64), InlineData(F32)]
    public void Differentiate_Maml_ReportsTheQueryLossOfPyTorch(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var fixture = new MetaFixture("gradient_meta.npz", dtype);
        using var learner = new GradientMetaLearner(fixture.Target, Options(), fixture.Initial);
        using var generator = new Generator(0);
        var found = learner.AsObjective().Differentiate(fixture.Batch, generator);
        found.TaskErrors.to(float64).mean().item<double>().Should().BeApproximately(fixture.Scalar("maml_query_loss"), fixture.Tolerance * fixture.Scalar("maml_query_loss"));
    }

    [Theory, InlineData(F64, false), InlineData(F32, false), InlineData(F64, true), InlineData(F32, true)]
    public void Differentiate_Latent_IsTheGradientOfPyTorch(ScalarType dtype, bool recompute)
    {
        using var scope = NewDisposeScope();
        using var fixture = new MetaFixture("shift_modulation.npz", dtype);
        var options = GradientMethods.CoinPlusPlus(8);
        options = options with { StepSize = fixture.Scalar("latent_lr"), RecomputeSteps = recompute };
        using var learner = new GradientMetaLearner(fixture.Target, options, fixture.Initial);
        Weight(learner, "map.weight", fixture.Read("map_weight"));
        Weight(learner, "map.bias", fixture.Read("map_bias"));
        using var generator = new Generator(0);
        var objective = learner.AsObjective();
        var found = objective.Differentiate(fixture.Batch, generator);
        found.TaskErrors.to(float64).mean().item<double>().Should().BeApproximately(fixture.Scalar("query_loss"), fixture.Tolerance * fixture.Scalar("query_loss"));
        var names = objective.Weights.Where(w => w.IsTrained).Select(w => w.Name).ToList();
        Close.ShouldBeClose(found.Gradients[names.IndexOf("map.weight")], fixture.Read("map_weight_grad"), fixture.Tolerance);
        Close.ShouldBeClose(found.Gradients[names.IndexOf("map.bias")], fixture.Read("map_bias_grad"), fixture.Tolerance);
        Close.ShouldBeClose(found.Gradients[names.IndexOf("shared")], fixture.Flat("meta_grad"), fixture.Tolerance);
    }

    [Theory, InlineData(F64), InlineData(F32)]
    public void Adapt_Latent_ShiftsTheBiasesByTheMapOfTheLatentOfPyTorch(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var fixture = new MetaFixture("shift_modulation.npz", dtype);
        var options = GradientMethods.CoinPlusPlus(8);
        options = options with { StepSize = fixture.Scalar("latent_lr") };
        using var learner = new GradientMetaLearner(fixture.Target, options, fixture.Initial);
        Weight(learner, "map.weight", fixture.Read("map_weight"));
        Weight(learner, "map.bias", fixture.Read("map_bias"));
        using var adapted = learner.Adapt(fixture.Batch.Context);
        var shifts = nn.functional.linear(fixture.Read("latents"), fixture.Read("map_weight"), fixture.Read("map_bias"));
        Close.ShouldBeClose(adapted["0.bias"], fixture.Initial["0.bias"] + shifts.narrow(1, 0, 16), fixture.Tolerance);
        Close.ShouldBeClose(adapted["1.bias"], fixture.Initial["1.bias"] + shifts.narrow(1, 16, 16), fixture.Tolerance);
        Close.ShouldBeClose(adapted["2.bias"][0], fixture.Initial["2.bias"], 1e-12);
    }

    private static void Weight(GradientMetaLearner learner, string name, Tensor value)
    {
        using var _ = no_grad();
        learner.Weights.Single(w => w.Name == name).Tensor.copy_(value);
    }

    private static void Check(ScalarType dtype, GradientMetaOptions options, string weight, Func<MetaFixture, Tensor> expected)
    {
        using var scope = NewDisposeScope();
        using var fixture = new MetaFixture("gradient_meta.npz", dtype);
        using var learner = new GradientMetaLearner(fixture.Target, options, fixture.Initial);
        using var generator = new Generator(0);
        var objective = learner.AsObjective();
        var found = objective.Differentiate(fixture.Batch, generator);
        int place = objective.Weights.Where(w => w.IsTrained).Select(w => w.Name).ToList().IndexOf(weight);
        Close.ShouldBeClose(found.Gradients[place], expected(fixture), fixture.Tolerance);
    }
}
