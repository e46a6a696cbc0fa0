using Inr.Testing;
using Microsoft.Extensions.Options;

namespace Inr.Parameterizations.Tests.Mlp;

/// <summary>Perceptrons against their published definitions, written out with plain loops.</summary>
public sealed class MlpTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(256, 3, 198_915)]
    [InlineData(300, 3, 272_703)]
    public void Siren_FloatCount_IsThePublishedOne(int width, int hidden, long floats) =>
        new Siren(2, 3, new SirenOptions { Width = width, HiddenLayers = hidden }).Layout.FloatCount.Should().Be(floats);

    [Fact]
    public void ReluMlp_Defaults_HaveThePublishedFloatCount() =>
        new ReluMlp(2, 3).Layout.FloatCount.Should().Be(263_939);

    [Fact]
    public void FourierFeatureMlp_FloatCount_CountsTheFrequencies() =>
        new FourierFeatureMlp(2, 3).Layout.FloatCount.Should().Be(256 * 2 + (512 + 1) * 256 + 2 * (257 * 256) + 257 * 3);

    [Fact]
    public void Siren_Initialize_FollowsTheOfficialBounds()
    {
        var siren = new Siren(2, 3, new SirenOptions { Width = 512, HiddenLayers = 1, HiddenOmega = 20 });
        var p = siren.Initialize();
        ShouldBeUniform(p["0.weight"], 1.0 / 2);
        ShouldBeUniform(p["0.bias"], 1 / Math.Sqrt(2));
        ShouldBeUniform(p["1.weight"], Math.Sqrt(6.0 / 512) / 20);
        ShouldBeUniform(p["1.bias"], 1 / Math.Sqrt(512));
        ShouldBeUniform(p["2.weight"], Math.Sqrt(6.0 / 512) / 20);
    }

    [Fact]
    public void ReluMlp_Evaluate_IsTheWrittenOutFormula()
    {
        var target = new ReluMlp(2, 1, new ReluMlpOptions { Width = 3, Depth = 2, EncodingSize = 4, MaxFrequency = 9, OutputOffset = 0.5 });
        var p = target.Initialize().To(float64);
        double[] x = [0.3, -0.7];
        // w = exp(linspace(0, ln 9, 2)) = 1, 9; coordinate-major; all cosines first.
        double[] phases = [1 * x[0], 9 * x[0], 1 * x[1], 9 * x[1]];
        double[] encoded = [.. phases.Select(t => Math.Cos(Math.PI * t)), .. phases.Select(t => Math.Sin(Math.PI * t))];
        double sum = p["1.bias"][0].item<double>() + 0.5;
        for (int j = 0; j < 3; j++)
        {
            double h = p["0.bias"][j].item<double>();
            for (int i = 0; i < 8; i++)
                h += p["0.weight"][j, i].item<double>() * encoded[i];
            sum += p["1.weight"][0, j].item<double>() * Math.Max(h, 0);
        }

        target.Evaluate(p, torch.tensor(x, [1, 2])).item<double>().Should().BeApproximately(sum, 1e-6);
    }

    [Fact]
    public void FourierFeatureMlp_Evaluate_IsTheWrittenOutFormula()
    {
        var target = new FourierFeatureMlp(2, 1, new FourierFeatureMlpOptions { Width = 3, Depth = 1, Frequencies = 2, SigmoidOutput = true });
        var p = target.Initialize().To(float64);
        double[] x = [0.3, -0.7];
        var b = p["frequencies"];
        double z = p["0.bias"][0].item<double>();
        for (int k = 0; k < 2; k++)
        {
            double phase = 2 * Math.PI * (b[k, 0].item<double>() * (x[0] + 1) / 2 + b[k, 1].item<double>() * (x[1] + 1) / 2);
            z += p["0.weight"][0, k].item<double>() * Math.Cos(phase) + p["0.weight"][0, 2 + k].item<double>() * Math.Sin(phase);
        }

        target.Evaluate(p, torch.tensor(x, [1, 2])).item<double>().Should().BeApproximately(1 / (1 + Math.Exp(-z)), 1e-10);
    }

    [Fact]
    public void StackedLayout_RoundTrips_WithTheBiasInTheLastRow()
    {
        var target = new ReluMlp(2, 3, new ReluMlpOptions { Width = 5, Depth = 3, EncodingSize = 4 });
        var p = target.Initialize();
        var stacked = StackedLayout.ToStacked(p);
        stacked.Select(s => string.Join('x', s.shape)).Should().Equal("9x5", "6x5", "6x3");
        Close.ShouldBeSame(stacked[0][8], p["0.bias"]);
        Close.ShouldBeSame(stacked[0][2], p["0.weight"].select(1, 2));
        var back = StackedLayout.FromStacked(target.Layout, stacked);
        for (int i = 0; i < p.Layout.Count; i++)
            Close.ShouldBeSame(back[i].contiguous(), p[i]);

        var batch = ParameterSet.Stack([p, target.Initialize(new Generator(3))]);
        var batchStacked = StackedLayout.ToStacked(batch);
        batchStacked[0].shape.Should().Equal(2, 9, 5);
        Close.ShouldBeSame(batchStacked[2][0], stacked[2]);
    }

    [Fact]
    public void SolveLinear_FindsTheLayerThatMadeTheValues()
    {
        var siren = new Siren(2, 2, new SirenOptions { Width = 6, HiddenLayers = 0, OutputOffset = 0.5 });
        var truth = siren.Initialize(new Generator(1)).To(float64);
        var points = CoordinateGrid.Create([9, 9], dtype: ScalarType.Float64);
        var values = siren.Evaluate(truth, points);
        var start = truth.WithTrainable([.. truth.Trainable().Take(2).Select(t => t.clone()), zeros_like(truth[2]), zeros_like(truth[3])]);
        var solved = siren.SolveLinear(start, points, values, ridge: 0);
        Close.ShouldBeClose(solved["1.weight"], truth["1.weight"], 1e-6);
        Close.ShouldBeClose(solved["1.bias"], truth["1.bias"], 1e-6);
    }

    [Fact]
    public void SolveLinear_MaskedSamples_AreIgnored()
    {
        var siren = new Siren(1, 1, new SirenOptions { Width = 4, HiddenLayers = 0 });
        var p = siren.Initialize().To(float64);
        var points = CoordinateGrid.Create([40], dtype: ScalarType.Float64);
        var values = points.cos();
        var spoiled = values.clone();
        spoiled.narrow(0, 0, 5).fill_(100);
        var mask = ones(40, float64);
        mask.narrow(0, 0, 5).fill_(0);
        var masked = siren.SolveLinear(p, points, spoiled, 1e-9, mask);
        var without = siren.SolveLinear(p, points.narrow(0, 5, 35), values.narrow(0, 5, 35), 1e-9 * 35 / 40);
        Close.ShouldBeClose(siren.Evaluate(masked, points), siren.Evaluate(without, points), 1e-4);
    }

    [Fact]
    public void SolveLinear_IsDifferentiableInTheOtherParameters()
    {
        var siren = new Siren(1, 1, new SirenOptions { Width = 3, HiddenLayers = 0, FirstOmega = 3 });
        var p = siren.Initialize().To(float64).AsLeaves();
        var points = CoordinateGrid.Create([12], dtype: ScalarType.Float64);
        var values = (points * 2).sin();
        Tensor Loss(Tensor weight)
        {
            var set = p.WithTrainable([weight, .. p.Trainable().Skip(1).Select(t => t.alias())]);
            return siren.Evaluate(siren.SolveLinear(set, points, values, 1e-3), points).pow(3).sum();
        }

        var gradient = autograd.grad([Loss(p[0])], [p[0]])[0];
        FiniteDifferences.RelativeError(w => Loss(w).item<double>(), p[0].detach(), gradient).Should().BeLessThan(1e-5);
    }

    [Fact]
    public void Options_Invalid_NameOptionValueAndRange()
    {
        var act = () => new Siren(2, 3, new SirenOptions { Width = 0, FirstOmega = double.NaN });
        act.Should().Throw<OptionsValidationException>()
            .WithMessage("*SirenOptions.Width is 0; it must be between 1 and 8192*SirenOptions.FirstOmega is NaN*");
        ((Action)(() => _ = new ReluMlp(2, 3, new ReluMlpOptions { EncodingSize = 3 }))).Should().Throw<OptionsValidationException>().WithMessage("*EncodingSize is 3; it must be even*");
    }

    [Fact]
    public void Options_ChangedLater_DoNotReachTheFunction()
    {
        var options = new SirenOptions { Width = 4, HiddenLayers = 0 };
        var siren = new Siren(2, 1, options);
        options = options with { Width = 999 };
        siren.Description.Options["width"]!.GetValue<int>().Should().Be(4);
    }

    private static void ShouldBeUniform(Tensor t, double bound)
    {
        t.abs().max().item<float>().Should().BeLessThanOrEqualTo((float)bound);
        if (t.numel() < 500)
            return;
        // Of U(−b,b): mean 0, variance b²/3; five standard errors.
        double n = t.numel();
        t.mean().item<float>().Should().BeApproximately(0, (float)(5 * bound / Math.Sqrt(3 * n)));
        t.square().mean().item<float>().Should().BeApproximately((float)(bound * bound / 3), (float)(5 * bound * bound * 0.3 / Math.Sqrt(n)));
    }
}
