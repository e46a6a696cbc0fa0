using Microsoft.Extensions.Options;

namespace Inr.Parameterizations.Tests.PiecewiseFourier;

public sealed class PiecewiseFourierFitterTests
{
    [Theory]
    [InlineData(300)]
    [InlineData(1500)]
    [InlineData(4000)]
    public void Fit_SpendsTheBudgetAndNoMore(int budget)
    {
        using var image = Cartoon(64, 72);
        using var result = Fit(image, o => o with { FloatBudget = budget });
        long floats = result.Representation.FloatCount;
        floats.Should().BeLessThanOrEqualTo(budget).And.BeGreaterThanOrEqualTo((long)(0.985 * budget));
        result.Representation.Parameters.Tensors.Sum(t => t.numel()).Should().Be(floats);
    }

    [Theory]
    [InlineData(new[] { 64, 72 }, 3)]
    [InlineData(new[] { 61, 45 }, 1)]
    [InlineData(new[] { 33, 40 }, 4)]
    [InlineData(new[] { 500 }, 2)]
    [InlineData(new[] { 20, 13, 17 }, 1)]
    [InlineData(new[] { 7, 5 }, 3)]
    [InlineData(new[] { 1, 37 }, 1)]
    public void Fit_ReportsTheErrorOfTheRenderedAndEvaluatedFunction(int[] shape, int channels)
    {
        using var signal = Smooth(shape, channels);
        using var result = Fit(signal, o => o with { FloatBudget = 40 + (int)(signal.SampleCount * channels / 6) });
        using var scope = NewDisposeScope();
        using var rendered = result.Representation.Render();
        double error = (rendered.Values - signal.Values).to(float64).square().mean().item<double>();
        error.Should().BeApproximately(result.Loss, (1e-3 * result.Loss) + 1e-10);
        Close(result.Representation.Evaluate(signal.Coordinates), rendered.Values, 2e-5);
        result.Psnr.Should().BeGreaterThan(25);
    }

    [Fact]
    public void Fit_StraightEdge_IsExactWithCutsOnly()
    {
        using var image = Image(32, 32, (y, x) => (0.8 * y) + (0.6 * x) > 0.11 ? 0.9 : 0.2);
        using var with = Fit(image, o => o with { FloatBudget = 150 });
        using var without = Fit(image, o => o with { FloatBudget = 150, Cuts = false });
        with.Psnr.Should().BeGreaterThan(without.Psnr + 8);
        with.Representation.Parameters["cuts"].shape[0].Should().BePositive();
        without.Representation.Parameters["cuts"].shape[0].Should().Be(0);
    }

    [Fact]
    public void Fit_ConstantImage_IsExactInAHandfulOfFloats()
    {
        using var image = Image(64, 64, (_, _) => 0.37);
        using var result = Fit(image, o => o with { FloatBudget = 1000 });
        result.Representation.FloatCount.Should().BeLessThanOrEqualTo(8);
        using var rendered = result.Representation.Render();
        Close(rendered.Values, image.Values, 1e-6);
    }

    [Fact]
    public void Fit_Checkerboard_IsExactWhereTheBudgetAllows()
    {
        using var image = Grey(32, 32, (i, j) => (i + j) % 2);
        using var result = Fit(image, o => o with { FloatBudget = 3000 });
        result.Psnr.Should().BeGreaterThan(60);
    }

    [Fact]
    public void Fit_BudgetAboveTheSampleCount_IsLossless()
    {
        var random = new Random(1);
        using var noise = Grey(40, 27, (_, _) => (float)random.NextDouble());
        using var result = Fit(noise, o => o with { FloatBudget = 40 * 27 * 2 });
        result.Psnr.Should().BeGreaterThan(60);
    }

    [Fact]
    public void Fit_ThinLine_StaysBounded()
    {
        using var image = Grey(48, 48, (i, j) => Math.Abs(i - (0.7 * j) - 5) < 0.8 ? 1 : 0);
        using var result = Fit(image, o => o with { FloatBudget = 500 });
        using var fine = result.Representation.Render(480, 480);
        fine.Values.abs().max().item<float>().Should().BeLessThan(3);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2.0)]
    public void Render_AtAnotherSize_EqualsEvaluation(double scale)
    {
        using var image = Cartoon(64, 56);
        using var result = Fit(image, o => o with { FloatBudget = 900 });
        int h = (int)(64 * scale), w = (int)(56 * scale);
        using var rendered = result.Representation.Render(h, w);
        using var scope = NewDisposeScope();
        // A point on a cut may fall to either side by rounding.
        var difference = (result.Representation.Evaluate(rendered.Coordinates) - rendered.Values).abs().amax([1L]);
        (difference > 1e-4).to(float64).mean().item<double>().Should().BeLessThan(0.003);
    }

    [Fact]
    public void Fit_Twice_IsTheSame()
    {
        using var image = Cartoon(64, 64);
        using var a = Fit(image, o => o with { FloatBudget = 700 });
        using var b = Fit(image, o => o with { FloatBudget = 700 });
        for (int i = 0; i < a.Representation.Parameters.Layout.Count; i++)
            Close(a.Representation.Parameters[i], b.Representation.Parameters[i], 0);
    }

    [Fact]
    public void Fit_Refined_NeverLosesAndMovesTheCut()
    {
        // The angle lies between two directions of the dictionary.
        using var image = Image(32, 32, (y, x) => (Math.Cos(0.31) * y) + (Math.Sin(0.31) * x) > 0.07 ? 0.9 : 0.2);
        using var plain = Fit(image, o => o with { FloatBudget = 90 });
        using var refined = Fit(image, o => o with { FloatBudget = 90, Refine = true });
        refined.Psnr.Should().BeGreaterThanOrEqualTo(plain.Psnr);
        refined.Representation.FloatCount.Should().Be(plain.Representation.FloatCount);
    }

    [Fact]
    public void Fit_BudgetTooSmall_NamesTheSmallest()
    {
        using var image = Cartoon(128, 128);
        var message = ((Action)(() => Fit(image, o => o with { FloatBudget = 10 }))).Should().Throw<ArgumentException>().Which.Message;
        message.Should().Contain("smallest workable budget is 14");
        using var smallest = Fit(image, o => o with { FloatBudget = 14 });
        smallest.Representation.FloatCount.Should().BeLessThanOrEqualTo(14);
    }

    [Fact]
    public void Fit_HeldOutPixels_AreInterpolated()
    {
        using var image = Smooth([64, 64], 3);
        var (context, query) = image.Split(0.3, seed: 1);
        using (context)
        using (query)
        {
            using var result = Fit(context, o => o with { FloatBudget = 900, SampleGrid = new[] { 64, 64 } });
            using var predicted = result.Representation.Evaluate(query.Coordinates);
            double error = (predicted - query.Values).square().mean().item<float>();
            (-10 * Math.Log10(error)).Should().BeGreaterThan(35);
        }
    }

    [Fact]
    public void Fit_NoisyPixels_ComesCloserToTheTruthThanTheNoise()
    {
        using var clean = Smooth([64, 64], 1);
        using var generator = new Generator(3);
        using var noise = randn(clean.Values.shape, generator: generator);
        using var values = clean.Values + (0.1 * noise);
        using var noisy = Signal.FromGrid(values, [64, 64]);
        using var result = Fit(noisy, o => o with { FloatBudget = 1500, Denoise = true });
        using var rendered = result.Representation.Render();
        double error = (rendered.Values - clean.Values).square().mean().item<float>();
        error.Should().BeLessThan(0.01 * 0.4, "the noise has a variance of 0.01");
    }

    [Fact]
    public void Options_Invalid_AreNamed()
    {
        ((Action)(() => _ = new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = 1, MinLeafSide = 4, MaxLeafSide = 24 })))
            .Should().Throw<OptionsValidationException>().Which.Failures.Should().HaveCount(2)
            .And.Contain(f => f.Contains("FloatBudget is 1")).And.Contain(f => f.Contains("MaxLeafSide is 24"));
    }

    internal static FitResult Fit(Signal signal, Func<PiecewiseFourierOptions, PiecewiseFourierOptions> configure)
    {
        var options = configure(new PiecewiseFourierOptions());
        using var fitter = new PiecewiseFourierFitter(options);
        return fitter.Fit(signal);
    }

    // Shading with discs of other colours.
    internal static Signal Cartoon(int height, int width) => Image(height, width, (y, x) =>
        (x * x) + (y * y) < 0.3 ? 0.8 + (0.1 * x) : Math.Abs(x - y) < 0.15 ? 0.1 : 0.4 + (0.2 * y));

    internal static void Close(Tensor actual, Tensor expected, double tolerance)
    {
        using var scope = NewDisposeScope();
        actual.shape.Should().Equal(expected.shape);
        if (actual.numel() > 0)
            (actual - expected).abs().max().item<float>().Should().BeLessThanOrEqualTo((float)tolerance);
    }

    private static Signal Image(int height, int width, Func<double, double, double> value)
    {
        var values = new float[height * width * 3];
        for (int i = 0; i < height * width; i++)
        {
            double v = value((((2 * (i / width)) + 1.0) / height) - 1, (((2 * (i % width)) + 1.0) / width) - 1);
            (values[3 * i], values[(3 * i) + 1], values[(3 * i) + 2]) = ((float)v, (float)(0.9 * v), (float)(0.3 + (0.5 * v)));
        }

        return Signal.FromGrid(values, [height, width], 3);
    }

    private static Signal Grey(int height, int width, Func<int, int, float> value)
    {
        var values = new float[height * width];
        for (int i = 0; i < values.Length; i++)
            values[i] = value(i / width, i % width);
        return Signal.FromGrid(values, [height, width], 1);
    }

    private static Signal Smooth(int[] shape, int channels)
    {
        using var scope = NewDisposeScope();
        var grid = CoordinateGrid.Create(shape);
        var phase = (grid * tensor(Enumerable.Range(1, shape.Length).Select(a => 1.3f * a).ToArray())).sum(1);
        return Signal.FromGrid(stack(Enumerable.Range(0, channels).Select(c => 0.5 + (0.3 * (phase + (0.8 * c)).sin())).ToArray(), 1), shape);
    }
}

