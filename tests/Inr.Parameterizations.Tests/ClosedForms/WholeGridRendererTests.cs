using Inr.Parameterizations.PiecewiseFourier;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.ClosedForms;

/// <summary>A region over the whole domain, rendered by products and transforms, against the sum of its cosines.</summary>
public sealed class WholeGridRendererTests
{
    [Theory]
    [InlineData(new[] { 24, 40 }, 3, new[] { 24, 40 })]
    [InlineData(new[] { 24, 40 }, 3, new[] { 31, 17 })]
    [InlineData(new[] { 24, 40 }, 1, new[] { 5, 7 })]
    [InlineData(new[] { 24, 40 }, 4, new[] { 1, 90 })]
    [InlineData(new[] { 300 }, 2, new[] { 300 })]
    [InlineData(new[] { 300 }, 1, new[] { 77 })]
    [InlineData(new[] { 9, 8, 11 }, 2, new[] { 9, 8, 11 })]
    [InlineData(new[] { 9, 8, 11 }, 1, new[] { 12, 5, 20 })]
    [InlineData(new[] { 9, 8, 11 }, 1, new[] { 1, 1, 6 })]
    public void Render_IsTheSumOfTheCosines(int[] fitted, int channels, int[] shape)
    {
        var (regions, terms, coefficients) = Expansion(fitted, channels, 60, 1);
        float[] level = regions.Level;
        using var rendered = WholeGridRenderer.Render(regions, shape, Whole(shape.Length));
        long count = shape.Aggregate(1L, (p, n) => p * n);
        rendered.shape.Should().Equal(count, channels);
        var values = rendered.data<float>().ToArray();
        for (int i = 0; i < count; i += Math.Max(1, (int)count / 50))
        {
            double[] expected = Sum(fitted, channels, terms, coefficients, level, Place(shape, i));
            for (int c = 0; c < channels; c++)
                ((double)values[(i * channels) + c]).Should().BeApproximately(expected[c], 2e-5);
        }
    }

    // So many samples and terms that a line is an inverse Fourier transform; 3,001 samples fold most of the terms back.
    [Theory]
    [InlineData(40_000, 40_000)]
    [InlineData(40_000, 40_001)]
    [InlineData(40_000, 25_003)]
    [InlineData(9_000, 90_000)]
    public void Render_OfALongLine_IsTheSumOfTheCosines(int fitted, int samples)
    {
        var (regions, terms, coefficients) = Expansion([fitted], 2, fitted / 3, 2);
        ((double)samples * regions.Regions[0].Extent2).Should().BeGreaterThan(1 << 26);
        using var rendered = WholeGridRenderer.Render(regions, [samples], Whole(1));
        var values = rendered.data<float>().ToArray();
        for (int i = 0; i < samples; i += samples / 23)
        {
            double[] expected = Sum([fitted], 2, terms, coefficients, regions.Level, [(i + 0.5) / samples]);
            for (int c = 0; c < 2; c++)
                ((double)values[(i * 2) + c]).Should().BeApproximately(expected[c], 1e-4);
        }
    }

    [Fact]
    public void Render_OfAFit_IsItsEvaluation()
    {
        using var image = FitterContract.TestImage(60, 90);
        using var fitter = new BlockCosineFitter(new BlockCosineOptions { FloatBudget = 900, Global = true });
        using var fit = fitter.Fit(image);
        var parameters = fit.Representation.Parameters;
        var prefixes = TensorNumbers.Of(parameters["prefixes"]);
        int[] order = FrequencyOrder.Lowest([60, 90], 5400);
        int[] terms = [.. Enumerable.Range(0, 3).SelectMany(c => order.Take((int)prefixes[c]).Select(f => (c * 5400) + f))];
        var regions = Regions([60, 90], terms, TensorNumbers.Of(parameters["level"]), TensorNumbers.Of(parameters["coefficients"]));
        using var rendered = WholeGridRenderer.Render(regions, [60, 90], Whole(2));
        using var evaluated = fit.Representation.Evaluate(image.Coordinates);
        Close.ShouldBeClose(rendered, evaluated, 2e-5);
    }

    [Fact]
    public void Render_OfAWindow_IsTheSumOfTheCosinesThere()
    {
        var (regions, terms, coefficients) = Expansion([24, 40], 1, 60, 5);
        using var rendered = WholeGridRenderer.Render(regions, [6, 9], [(-0.5, 0.25), (0.1, 0.9)]);
        var values = rendered.data<float>().ToArray();
        for (int i = 0; i < 54; i += 7)
        {
            double y = (0.5 + ((i / 9) + 0.5) * 0.75 / 6) / 2, x = (1.1 + ((i % 9) + 0.5) * 0.8 / 9) / 2;
            ((double)values[i]).Should().BeApproximately(Sum([24, 40], 1, terms, coefficients, regions.Level, [y, x])[0], 2e-5);
        }
    }

    [Fact]
    public void Render_OfALargeGrid_GoesThroughProducts()
    {
        using var image = FitterContract.TestImage(60, 90);
        using var fitter = new BlockCosineFitter(new BlockCosineOptions { FloatBudget = 900, Global = true });
        using var fit = fitter.Fit(image);
        using var large = fit.Representation.Render(300, 400);
        using var coordinates = CoordinateGrid.Create([300, 400]);
        using var evaluated = fit.Representation.Evaluate(coordinates);
        Close.ShouldBeClose(large.Values, evaluated, 2e-5);
    }

    [Fact]
    public void Applies_ToOneUncutRegionAndManySamples()
    {
        var (regions, _, _) = Expansion([24, 40], 1, 20, 6);
        WholeGridRenderer.Applies(regions, 1 << 20).Should().BeTrue();
        WholeGridRenderer.Applies(regions, 100).Should().BeFalse();
    }

    [Fact]
    public void Render_OfNoTerm_IsTheLevel()
    {
        var regions = Regions([8, 8], [], [0.1f, 0.2f, 0.3f], []);
        using var rendered = WholeGridRenderer.Render(regions, [4, 4], Whole(2));
        rendered.data<float>().ToArray().Take(3).Should().Equal(0.1f, 0.2f, 0.3f);
    }

    [Fact]
    public void Render_Stopped_Throws()
    {
        var (regions, _, _) = Expansion([24, 40], 1, 20, 3);
        ((Action)(() => WholeGridRenderer.Render(regions, [24, 40], Whole(2), new CancellationToken(true)))).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Render_LeavesNoTensor()
    {
        var (regions, _, _) = Expansion([24, 40], 3, 60, 4);
        LiveTensors.ShouldStayFlat(() => WholeGridRenderer.Render(regions, [30, 30], Whole(2)).Dispose());
    }

    private static (DenseRegions Regions, int[] Terms, float[] Coefficients) Expansion(int[] fitted, int channels, int perChannel, int seed)
    {
        var random = new Random(seed);
        int size = fitted.Aggregate(1, (p, n) => p * n);
        int[] terms = [.. Enumerable.Range(0, channels).SelectMany(c => Enumerable.Range(0, perChannel).Select(_ => (c * size) + random.Next(size))).Distinct()];
        float[] coefficients = [.. terms.Select(_ => (float)((random.NextDouble() - 0.5) / perChannel * 8))];
        float[] level = [.. Enumerable.Range(0, channels).Select(c => 0.1f * c)];
        return (Regions(fitted, terms, level, coefficients), terms, coefficients);
    }

    private static DenseRegions Regions(int[] fitted, int[] terms, float[] level, float[] coefficients)
    {
        var shape = new PiecewiseShape
        {
            Grid = fitted,
            Channels = level.Length,
            MinSide = fitted.Max(),
            MaxSide = fitted.Max(),
            Nodes = 0,
            Prefixes = 0,
            ExtraCounts = 0,
            Extras = 0,
            Cuts = 0,
            Coefficients = coefficients.Length,
        };
        var layout = new ParameterLayout([new ParameterSpec("level", [level.Length], ParameterRole.Coefficient), new ParameterSpec("coefficients", [coefficients.Length], ParameterRole.Coefficient)]);
        using var parameters = new ParameterSet(layout, [tensor(level), tensor(coefficients)]);
        return DenseRegions.Of(PiecewiseStructure.FromBlocks(shape, (_, _) => terms), parameters);
    }

    private static (double Low, double High)[] Whole(int dimension) => [.. Enumerable.Repeat((-1.0, 1.0), dimension)];

    private static double[] Place(int[] shape, int sample)
    {
        var place = new double[shape.Length];
        for (int a = shape.Length - 1; a >= 0; a--)
        {
            place[a] = (sample % shape[a] + 0.5) / shape[a];
            sample /= shape[a];
        }

        return place;
    }

    private static double[] Sum(int[] fitted, int channels, int[] terms, float[] coefficients, float[] level, double[] place)
    {
        int size = fitted.Aggregate(1, (p, n) => p * n);
        var rotated = new double[channels];
        for (int j = 0; j < terms.Length; j++)
        {
            int rest = terms[j] % size;
            double product = coefficients[j];
            for (int a = fitted.Length - 1; a >= 0; a--)
            {
                product *= Math.Cos(Math.PI * (rest % fitted[a]) * place[a]);
                rest /= fitted[a];
            }

            rotated[terms[j] / size] += product;
        }

        double[] rotation = ColorRotation.For(channels);
        return [.. Enumerable.Range(0, channels).Select(c => level[c] + Enumerable.Range(0, channels).Sum(k => rotation[(k * channels) + c] * rotated[k]))];
    }
}
