using Inr.Piecewise;
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
        WholeGridRenderer.Applies(regions).Should().BeTrue();
        float[] level = [.. Enumerable.Range(0, channels).Select(c => 0.1f * c)];
        using var rendered = WholeGridRenderer.Render(regions, level, shape);
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
        using var rendered = WholeGridRenderer.Render(regions, [0.2f, -0.1f], [samples]);
        var values = rendered.data<float>().ToArray();
        for (int i = 0; i < samples; i += samples / 23)
        {
            double[] expected = Sum([fitted], 2, terms, coefficients, [0.2f, -0.1f], [(i + 0.5) / samples]);
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
        var prefixes = SignalReader.Floats(parameters["prefixes"]);
        int[] order = FrequencyOrder.Lowest([60, 90], 5400);
        int[] terms = [.. Enumerable.Range(0, 3).SelectMany(c => order.Take((int)prefixes[c]).Select(f => (c * 5400) + f))];
        var regions = Regions([60, 90], 3, terms, SignalReader.Floats(parameters["coefficients"]));
        using var rendered = WholeGridRenderer.Render(regions, SignalReader.Floats(parameters["level"]), [60, 90]);
        using var evaluated = fit.Representation.Evaluate(image.Coordinates);
        Close.ShouldBeClose(rendered, evaluated, 2e-5);
    }

    [Fact]
    public void Render_OfNoTerm_IsTheLevel()
    {
        var regions = Regions([8, 8], 3, [], []);
        using var rendered = WholeGridRenderer.Render(regions, [0.1f, 0.2f, 0.3f], [4, 4]);
        rendered.data<float>().ToArray().Take(3).Should().Equal(0.1f, 0.2f, 0.3f);
    }

    [Fact]
    public void Render_Stopped_Throws()
    {
        var (regions, _, _) = Expansion([24, 40], 1, 20, 3);
        ((Action)(() => WholeGridRenderer.Render(regions, [0], [24, 40], new CancellationToken(true)))).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Render_LeavesNoTensor()
    {
        var (regions, _, _) = Expansion([24, 40], 3, 60, 4);
        LiveTensors.ShouldStayFlat(() => WholeGridRenderer.Render(regions, [0, 0, 0], [30, 30]).Dispose());
    }

    private static (DenseRegions Regions, int[] Terms, float[] Coefficients) Expansion(int[] fitted, int channels, int perChannel, int seed)
    {
        var random = new Random(seed);
        int size = fitted.Aggregate(1, (p, n) => p * n);
        int[] terms = [.. Enumerable.Range(0, channels).SelectMany(c => Enumerable.Range(0, perChannel).Select(_ => (c * size) + random.Next(size))).Distinct()];
        float[] coefficients = [.. terms.Select(_ => (float)((random.NextDouble() - 0.5) / perChannel * 8))];
        return (Regions(fitted, channels, terms, coefficients), terms, coefficients);
    }

    private static DenseRegions Regions(int[] fitted, int channels, int[] terms, float[] coefficients)
    {
        var shape = new PiecewiseShape
        {
            Grid = fitted,
            Channels = channels,
            MinSide = fitted.Max(),
            MaxSide = fitted.Max(),
            Nodes = 0,
            Prefixes = 0,
            ExtraCounts = 0,
            Extras = 0,
            Cuts = 0,
            Coefficients = coefficients.Length,
        };
        return new DenseRegions(PiecewiseStructure.FromBlocks(shape, (_, _) => terms), coefficients, [], []);
    }

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
