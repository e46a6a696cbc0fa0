using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations.Tests.PiecewiseFourier;

/// <summary>Arcs against discs whose edge is known in closed form.</summary>
public sealed class CurvedCutTests
{
    [Fact]
    public void Fit_DiscEdgeInOneLeaf_TakesNineFloats()
    {
        // A level, a node, two lengths, direction, offset and curvature, one value on each side.
        using var image = Disc(16, 22, 6, 13);
        using var curved = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 9, CurvedCuts = true, Refine = true, MaxLeafSide = 16 });
        using var found = Fit(image, 9, true, leaf: 16);
        using var straight = Fit(image, 9, false, leaf: 16);
        found.Psnr.Should().BeGreaterThan(straight.Psnr + 4);
        curved.Representation.FloatCount.Should().BeLessThanOrEqualTo(9);
        curved.Representation.Parameters["curvatures"].numel().Should().Be(1);
        curved.Psnr.Should().BeGreaterThanOrEqualTo(found.Psnr);
    }

    [Fact]
    public void Fit_DiscEdge_FindsItsRadius()
    {
        using var image = Disc(16, 22, 6, 13);
        using var result = Fit(image, 9, true, leaf: 16);
        double curvature = result.Representation.Parameters["curvatures"].item<float>();
        // Inverse radius in half the side of the box.
        Math.Abs(curvature).Should().BeApproximately(8 / 13.0, 0.15);
    }

    [Fact]
    public void Fit_Disc_BeatsStraightCutsAtTheSameBudget()
    {
        using var image = Disc(64, 31.3, 33.8, 21.4);
        using var curved = Fit(image, 160, true);
        using var straight = Fit(image, 160, false);
        curved.Representation.FloatCount.Should().BeLessThanOrEqualTo(160);
        curved.Psnr.Should().BeGreaterThan(straight.Psnr + 3);
    }

    [Fact]
    public void Fit_StraightEdge_PaysForNoCurvature()
    {
        using var image = Draw(32, (y, x) => (0.8 * y) + (0.6 * x) > 21.2 ? 0.9f : 0.2f);
        using var curved = Fit(image, 100, true);
        using var straight = Fit(image, 100, false);
        curved.Psnr.Should().BeGreaterThanOrEqualTo(straight.Psnr - 0.01);
    }

    [Fact]
    public void Fit_Refined_NeverLoses()
    {
        using var image = Disc(64, 31.3, 33.8, 21.4);
        using var plain = Fit(image, 120, true);
        using var refined = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 120, CurvedCuts = true, Refine = true });
        refined.Psnr.Should().BeGreaterThanOrEqualTo(plain.Psnr);
        refined.Representation.FloatCount.Should().Be(plain.Representation.FloatCount);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    public void SaveAndLoad_KeepsTheCurves_AndBothPathsAgree(double width)
    {
        using var image = Disc(48, 20.3, 27.8, 17.4);
        using var result = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 150, CurvedCuts = true, IndicatorWidth = width });
        using var file = new MemoryStream();
        result.Representation.Save(file);
        file.Position = 0;
        using var loaded = ImplicitRepresentation.Load(file);
        loaded.FloatCount.Should().Be(result.Representation.FloatCount);
        loaded.Parameters["curvatures"].numel().Should().BePositive();
        using var rendered = loaded.Render();
        using var points = loaded.Evaluate(image.Coordinates);
        PiecewiseFourierFitterTests.Close(points, rendered.Values, 2e-5);
        using var scope = NewDisposeScope();
        double error = (rendered.Values - image.Values).to(float64).square().mean().item<double>();
        error.Should().BeApproximately(result.Loss, (1e-3 * result.Loss) + 1e-9);
    }

    [Fact]
    public void Files_WithoutCurves_NameNone()
    {
        using var image = Disc(48, 20.3, 27.8, 17.4);
        using var result = Fit(image, 150, false);
        result.Representation.Target.Description.Options.ContainsKey("curvatures").Should().BeFalse();
        result.Representation.Parameters.Layout.Contains("curvatures").Should().BeFalse();
    }

    [Fact]
    public void Fit_Ball_IsCheaperWithSpheres()
    {
        var values = new float[16 * 16 * 16];
        for (int i = 0; i < values.Length; i++)
        {
            double z = (i / 256) - 7.5, y = (i / 16 % 16) - 7.5, x = (i % 16) - 7.5;
            values[i] = Math.Sqrt((z * z) + (y * y) + (x * x)) < 6.2 ? 0.9f : 0.1f;
        }

        using var ball = Signal.FromGrid(values, [16, 16, 16], 1);
        using var curved = Fit(ball, 200, true);
        using var straight = Fit(ball, 200, false);
        curved.Psnr.Should().BeGreaterThan(straight.Psnr + 1);
    }

    [Theory]
    [InlineData(0.63, 0.11, 0.47)]
    [InlineData(1.9, -0.2, -0.8)]
    [InlineData(2.7, 0.05, 0.62)]
    public void ArcSearch_FindsAnArcBetweenTheEntriesOfTheDictionary(double angle, double offset, double curvature)
    {
        int[] shape = [16, 16];
        var mask = new CutSurface([angle, offset, curvature], shape).Mask(shape);
        double[][] values = [[.. mask.Select(m => m ? 0.8 : -0.3)]];
        int Wrong(double[] cut)
        {
            int wrong = new CutSurface(cut, shape).Mask(shape).Zip(mask).Count(p => p.First != p.Second);
            return Math.Min(wrong, mask.Length - wrong);
        }

        double[] straight = CutDictionary.Get(shape, new FitMonitor(0)).Cuts.Select(c => c.Parameters).MinBy(Wrong)!;
        Wrong(straight).Should().BeGreaterThan(5);
        Wrong(new ArcSearch(shape, values).Bend(straight)!).Should().BeLessThanOrEqualTo(2);
    }

    [Fact]
    public void ArcSearch_OnAStraightEdge_FindsNothing()
    {
        int[] shape = [16, 16];
        double[] truth = CutDictionary.Get(shape, new FitMonitor(0)).Cuts[40].Parameters;
        double[][] values = [[.. new CutSurface(truth, shape).Mask(shape).Select(m => m ? 0.8 : -0.3)]];
        new ArcSearch(shape, values).Bend(truth).Should().BeNull();
    }

    private static FitResult Fit(Signal image, int budget, bool curved, int? leaf = null) =>
        PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = budget, CurvedCuts = curved, MaxLeafSide = leaf });

    private static Signal Disc(int side, double cy, double cx, double radius) =>
        Draw(side, (y, x) => Math.Sqrt(((y - cy) * (y - cy)) + ((x - cx) * (x - cx))) < radius ? 0.9f : 0.2f);

    // At the centres of the samples.
    private static Signal Draw(int side, Func<double, double, float> value)
    {
        var values = new float[side * side];
        for (int i = 0; i < values.Length; i++)
            values[i] = value((i / side) + 0.5, (i % side) + 0.5);
        return Signal.FromGrid(values, [side, side], 1);
    }
}
