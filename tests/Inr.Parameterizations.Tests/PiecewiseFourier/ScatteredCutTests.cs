using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations.Tests.PiecewiseFourier;

/// <summary>Cuts where the samples fill no grid: they pay at an edge and stay away elsewhere.</summary>
public sealed class ScatteredCutTests
{
    [Fact]
    public void Fit_MaskedEdge_IsCut_AndBetterOnUnseenPixels()
    {
        using var image = Draw((y, x) => (0.8 * y) + (0.6 * x) > 0.11 ? 0.9 : 0.2);
        var (with, cuts) = HeldOut(image, 0.4, cuts: true);
        var (without, _) = HeldOut(image, 0.4, cuts: false);
        cuts.Should().BePositive();
        with.Should().BeGreaterThan(without + 2);
    }

    [Theory]
    [InlineData("smooth")]
    [InlineData("noise")]
    [InlineData("texture")]
    public void Fit_NothingToCut_IsNeverWorseOnUnseenPixels(string name)
    {
        var random = new Random(5);
        using var image = Draw((y, x) => name switch
        {
            "smooth" => 0.5 + (0.3 * Math.Sin((2 * y) + (3 * x))),
            "noise" => random.NextDouble(),
            _ => 0.5 + (0.2 * Math.Sin(17 * y) * Math.Cos(13 * x)),
        });
        HeldOut(image, 0.4, cuts: true).Psnr.Should().BeGreaterThanOrEqualTo(HeldOut(image, 0.4, cuts: false).Psnr - 0.1);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(40)]
    [InlineData(150)]
    public void Fit_FewSamplesAlongAnEdge_StaysBounded(int count)
    {
        // All samples crowd around one line, a handful on each side.
        var random = new Random(2);
        var coordinates = new float[2 * count];
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            coordinates[2 * i] = (float)((random.NextDouble() * 2) - 1);
            coordinates[(2 * i) + 1] = (float)((0.3 * coordinates[2 * i]) + (0.04 * (random.NextDouble() - 0.5)));
            values[i] = coordinates[(2 * i) + 1] > 0.3 * coordinates[2 * i] ? 1 : 0;
        }

        using var signal = new Signal(tensor(coordinates, [count, 2]), tensor(values, [count, 1]));
        double Largest(bool cuts)
        {
            using var result = PiecewiseFourierFitterTests.Fit(signal, o => o with { FloatBudget = 200, SampleGrid = new[] { 64, 64 }, Cuts = cuts });
            using var rendered = result.Representation.Render(64, 64);
            using var scope = NewDisposeScope();
            return rendered.Values.abs().max().item<float>();
        }

        Largest(true).Should().BeLessThan(Math.Max(2, 1.01 * Largest(false)));
    }

    [Fact]
    public void Fit_NoisyEdge_KeepsItSharp()
    {
        using var clean = Draw((y, x) => (0.8 * y) + (0.6 * x) > 0.11 ? 0.9 : 0.2);
        using var generator = new Generator(3);
        using var noise = randn(clean.Values.shape, generator: generator);
        using var values = clean.Values + (0.1 * noise);
        using var noisy = Signal.FromGrid(values, [64, 64]);
        double Psnr(bool cuts)
        {
            using var result = PiecewiseFourierFitterTests.Fit(noisy, o => o with { FloatBudget = 120, Denoise = true, Cuts = cuts });
            using var rendered = result.Representation.Render();
            using var scope = NewDisposeScope();
            return -10 * Math.Log10((rendered.Values - clean.Values).square().mean().item<float>());
        }

        Psnr(true).Should().BeGreaterThan(Psnr(false) + 0.5);
    }

    [Fact]
    public void LinearMoments_LeaveWhatLeastSquaresLeaves()
    {
        var random = new Random(1);
        const int Samples = 30;
        double[][] values = [[.. Enumerable.Range(0, Samples).Select(_ => random.NextDouble())], [.. Enumerable.Range(0, Samples).Select(_ => random.NextDouble())]];
        double[][] places = [.. Enumerable.Range(0, Samples).Select(_ => new[] { random.NextDouble() - 0.5, random.NextDouble() - 0.5 })];
        LinearMoments all = new(2, 2), part = new(2, 2), rest = new(2, 2);
        for (int i = 0; i < Samples; i++)
        {
            all.Add(places[i], values, i);
            (i < 12 ? part : rest).Add(places[i], values, i);
        }

        double mean = places.Average(p => p[0]);
        all.Spread().Should().BeLessThanOrEqualTo(Math.Sqrt(places.Average(p => (p[0] - mean) * (p[0] - mean))) + 1e-6).And.BeGreaterThan(0.2);
        all.Minus(part).Rest().Should().BeApproximately(rest.Rest(), 1e-9);
        using var scope = NewDisposeScope();
        var columns = tensor(places.SelectMany(p => new[] { 1, p[0], p[1] }).ToArray(), [Samples, 3]);
        var right = tensor(Enumerable.Range(0, Samples).SelectMany(i => new[] { values[0][i], values[1][i] }).ToArray(), [Samples, 2]);
        var solution = linalg.lstsq(columns, right).Solution;
        all.Rest().Should().BeApproximately((mm(columns, solution) - right).square().sum().item<double>(), 1e-4);
    }

    private static (double Psnr, long Cuts) HeldOut(Signal image, double share, bool cuts)
    {
        var (context, query) = image.Split(share, seed: 1);
        using (context)
        using (query)
        {
            using var result = PiecewiseFourierFitterTests.Fit(context, o => o with { FloatBudget = 500, SampleGrid = new[] { 64, 64 }, Cuts = cuts });
            using var scope = NewDisposeScope();
            var predicted = result.Representation.Evaluate(query.Coordinates);
            double error = (predicted - query.Values).square().mean().item<float>();
            return (-10 * Math.Log10(error), result.Representation.Parameters["cuts"].shape[0]);
        }
    }

    private static Signal Draw(Func<double, double, double> value)
    {
        var values = new float[64 * 64];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)value((((2 * (i / 64)) + 1.0) / 64) - 1, (((2 * (i % 64)) + 1.0) / 64) - 1);
        return Signal.FromGrid(values, [64, 64], 1);
    }
}
