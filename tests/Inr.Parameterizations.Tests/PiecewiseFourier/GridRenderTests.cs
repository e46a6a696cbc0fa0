using Inr.Parameterizations.PiecewiseFourier;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.PiecewiseFourier;

/// <summary>Rendering a grid without a coordinate tensor against evaluation point by point.</summary>
public sealed class GridRenderTests
{
    public static TheoryData<string, int, int> Sizes => new()
    {
        { "piecewise", 37, 53 },
        { "piecewise", 1, 7 },
        { "piecewise", 101, 1 },
        { "curved", 37, 53 },
        { "curved", 129, 91 },
        { "soft", 37, 53 },
        { "block", 37, 53 },
        { "global", 45, 31 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Render_OddSize_EqualsEvaluation(string name, int height, int width)
    {
        using var image = PiecewiseFourierFitterTests.Cartoon(43, 61);
        using ISignalFitter fitter = name switch
        {
            "block" => new BlockCosineFitter(new BlockCosineOptions { FloatBudget = 700 }),
            "global" => new BlockCosineFitter(new BlockCosineOptions { FloatBudget = 700, Global = true }),
            _ => new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = 700, CurvedCuts = name == "curved", IndicatorWidth = name == "soft" ? 0.5 : 0 }),
        };
        using var result = fitter.Fit(image);
        result.Representation.Function.Should().BeOfType<BoundExpansion>();
        using var rendered = result.Representation.Render(height, width);
        using var scope = NewDisposeScope();
        var points = CoordinateGrid.Create([height, width]);
        PiecewiseFourierFitterTests.Close(rendered.Coordinates, points, 0);
        double scale = name == "curved" ? 1 + result.Representation.Parameters["coefficients"].abs().max().item<float>() : 1;
        var difference = (result.Representation.Evaluate(points) - rendered.Values).abs().amax([1L]);
        // A point on a cut may fall to either side by rounding.
        (difference > 1e-5 * scale).to(float64).sum().item<double>().Should().BeLessThanOrEqualTo(0.001 * height * width);
    }

    [Theory]
    [InlineData(43, 61)]
    [InlineData(37, 53)]
    public void Render_InBands_GivesTheBitsOfOne(int height, int width)
    {
        using var image = PiecewiseFourierFitterTests.Cartoon(43, 61);
        using var result = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 700 });
        var parameters = result.Representation.Parameters;
        var regions = DenseRegions.Of(((IExpansion)result.Representation.Target).Structure(parameters), parameters);
        using var scope = NewDisposeScope();
        Tensor Render(long floatsPerBand) => new GridEvaluator(regions, [height, width], [(-1, 1), (-0.8, 1.1)], floatsPerBand).Render();

        var whole = Render(1 << 25);
        // Bands of one row, and of five.
        Close.ShouldBeSame(Render(1), whole);
        Close.ShouldBeSame(Render(5 * width * 6), whole);
    }

    [Fact]
    public void Render_MakesCoordinatesOnlyWhenAsked()
    {
        using var image = PiecewiseFourierFitterTests.Cartoon(43, 61);
        using var result = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 300 });
        using (result.Representation.Render(9, 9))
        {
            // Warm: what is cached is cached.
        }

        long before = LiveTensors.Count;
        var rendered = result.Representation.Render(33, 29);
        (LiveTensors.Count - before).Should().Be(1);
        rendered.SampleCount.Should().Be(33 * 29);
        rendered.InputDimension.Should().Be(2);
        rendered.Coordinates.shape.Should().Equal(33 * 29, 2);
        (LiveTensors.Count - before).Should().Be(2);
        rendered.Dispose();
        (LiveTensors.Count - before).Should().Be(0);
        ((Action)(() => _ = rendered.Coordinates)).Should().Throw<ObjectDisposedException>();
    }
}
