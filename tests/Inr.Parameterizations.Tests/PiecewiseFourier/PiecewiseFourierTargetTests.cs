using Inr.Testing;

namespace Inr.Parameterizations.Tests.PiecewiseFourier;

public sealed class PiecewiseFourierTargetTests
{
    [Theory]
    [InlineData(0.0, false)]
    [InlineData(0.7, false)]
    [InlineData(0.0, true)]
    [InlineData(0.7, true)]
    public void Evaluate_Differentiable_EqualsDirect(double width, bool curved)
    {
        using var result = FitCartoon(width, curved);
        var representation = result.Representation;
        using var scope = NewDisposeScope();
        var points = Points(300, 2);
        var direct = representation.Target.Evaluate(representation.Parameters, points);
        var leaves = representation.Parameters.AsLeaves();
        PiecewiseFourierFitterTests.Close(representation.Target.Evaluate(leaves, points), direct, 2e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Evaluate_Gradients_MatchFiniteDifferences(bool curved)
    {
        using var result = FitCartoon(0.7, curved);
        var target = result.Representation.Target;
        using var scope = NewDisposeScope();
        var theta = result.Representation.Parameters.To(float64).AsLeaves();
        var points = Points(40, 2).to(float64).requires_grad_();
        var weights = Points(40, 3).to(float64);
        (target.Evaluate(theta, points) * weights).sum().backward();
        foreach (var name in (string[])["coefficients", "cuts", "level", .. curved ? ["curvatures"] : Array.Empty<string>()])
            CompareWithDifferences(theta[name], () => (target.Evaluate(theta, points) * weights).sum().item<double>());
        CompareWithDifferences(points, () => (target.Evaluate(theta, points) * weights).sum().item<double>());
    }

    [Fact]
    public void Evaluate_Batch_EqualsLoop()
    {
        using var result = FitCartoon(0);
        var target = result.Representation.Target;
        using var scope = NewDisposeScope();
        var one = result.Representation.Parameters;
        var other = one.Map((spec, t) => spec.Name == "coefficients" ? t * 0.5 : t.clone());
        var points = Points(50, 2);
        var batch = target.Evaluate(ParameterSet.Stack([one, other]), points);
        PiecewiseFourierFitterTests.Close(batch.select(0, 0), target.Evaluate(one, points), 1e-6);
        PiecewiseFourierFitterTests.Close(batch.select(0, 1), target.Evaluate(other, points), 1e-6);
    }

    [Fact]
    public void Evaluate_ParametersChangedInPlace_AreReadAgain()
    {
        using var result = FitCartoon(0);
        var target = result.Representation.Target;
        using var scope = NewDisposeScope();
        var theta = result.Representation.Parameters.Clone();
        var points = Points(50, 2);
        var before = target.Evaluate(theta, points);
        theta["coefficients"].mul_(2);
        theta["level"].mul_(2);
        PiecewiseFourierFitterTests.Close(target.Evaluate(theta, points), before * 2, 1e-5);
    }

    [Theory]
    [InlineData("nodes", 0, 1e6)]
    [InlineData("nodes", 0, 0.5)]
    [InlineData("nodes", 0, double.NaN)]
    [InlineData("prefixes", 0, 1e7)]
    [InlineData("prefixes", 1, -1)]
    [InlineData("prefixes", 0, 0)]
    public void Evaluate_BrokenStructure_IsRefused(string name, int index, double value)
    {
        using var result = FitCartoon(0);
        using var scope = NewDisposeScope();
        var theta = result.Representation.Parameters.Clone();
        theta[name][index] = value;
        ((Action)(() => result.Representation.Target.Evaluate(theta, Points(5, 2)))).Should().Throw<InrException>();
    }

    [Fact]
    public void Initialize_SaysWhatToDo()
    {
        using var result = FitCartoon(0);
        ((Action)(() => result.Representation.Target.Initialize())).Should().Throw<NotSupportedException>().WithMessage("*PiecewiseFourierFitter*");
    }

    [Fact]
    public void GradientFitter_OfATargetThatDrawsNothing_SaysWhatToDo_AndStartsFromAFit()
    {
        using var result = FitCartoon(0.4);
        using var image = PiecewiseFourierFitterTests.Cartoon(32, 40);
        using var fitter = new GradientFitter(result.Representation.Target, new GradientFitterOptions { Steps = 3, LearningRate = 1e-4 });
        fitter.Invoking(f => f.Fit(image)).Should().Throw<NotSupportedException>().WithMessage("*piecewise-fourier*PiecewiseFourierFitter*FitFrom*");
        using var refined = fitter.FitFrom(result.Representation.Parameters, image);
        refined.Loss.Should().BeLessThanOrEqualTo(result.Loss * 1.01);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.5, true)]
    public void Evaluate_PointsAlone_GiveTheBitsOfManyTogether(double width, bool curved)
    {
        // Many points of a region are summed side by side, a single one by another kernel.
        using var result = FitCartoon(width, curved);
        using var scope = NewDisposeScope();
        var points = Points(1500, 2);
        var together = result.Representation.Evaluate(points);
        for (int chunk = 1; chunk < 40; chunk += 7)
            Close.ShouldBeSame(result.Representation.Evaluate(points, chunk), together, $"chunks of {chunk}");
    }

    [Fact]
    public void SoftIndicators_OnASoftEdge_BeatHardOnes()
    {
        // An edge as wide as the indicator: σ(distance / 0.3 samples).
        var values = new float[32 * 32];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(1 / (1 + Math.Exp(-((0.6 * (i / 32)) + (0.8 * (i % 32)) - 21.3) / 0.3)));
        using var image = Signal.FromGrid(values, [32, 32], 1);
        using var hard = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 120, Refine = true });
        using var soft = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 120, Refine = true, IndicatorWidth = 0.3 });
        soft.Representation.Parameters["cuts"].shape[0].Should().BePositive();
        soft.Psnr.Should().BeGreaterThan(hard.Psnr);
        using var rendered = soft.Representation.Render();
        double error = (rendered.Values - image.Values).square().mean().item<float>();
        error.Should().BeApproximately(soft.Loss, (0.01 * soft.Loss) + 1e-9);
    }

    private static FitResult FitCartoon(double width, bool curved = false)
    {
        using var image = PiecewiseFourierFitterTests.Cartoon(32, 40);
        var result = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 400, IndicatorWidth = width, CurvedCuts = curved });
        result.Representation.Parameters.Layout.Contains("curvatures").Should().Be(curved);
        return result;
    }

    private static Tensor Points(long count, long columns)
    {
        using var generator = new Generator(7);
        return (rand(count, columns, generator: generator) * 1.98) - 0.99;
    }

    private static void CompareWithDifferences(Tensor leaf, Func<double> value)
    {
        const double Step = 1e-6;
        using var analytic = leaf.grad!.reshape(-1).clone();
        using var none = no_grad();
        using var flat = leaf.detach().reshape(-1);
        long stride = Math.Max(1, flat.numel() / 25);
        for (long i = 0; i < flat.numel(); i += stride)
        {
            double x = flat[i].item<double>();
            flat[i] = x + Step;
            double up = value();
            flat[i] = x - Step;
            double down = value();
            flat[i] = x;
            double expected = (up - down) / (2 * Step);
            analytic[i].item<double>().Should().BeApproximately(expected, 1e-4 * (1 + Math.Abs(expected)));
        }
    }
}
