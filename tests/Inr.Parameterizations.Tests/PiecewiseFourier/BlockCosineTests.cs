namespace Inr.Parameterizations.Tests.PiecewiseFourier;

public sealed class BlockCosineTests
{
    [Theory]
    [InlineData(8, false)]
    [InlineData(16, false)]
    [InlineData(null, true)]
    public void Fit_LosesTheEnergyItLeavesOut(int? side, bool global)
    {
        using var image = PiecewiseFourierFitterTests.Cartoon(32, 48);
        using var fitter = new BlockCosineFitter(new BlockCosineOptions { FloatBudget = 900, BlockSide = side, Global = global });
        using var result = fitter.Fit(image);
        result.Representation.FloatCount.Should().BeInRange(880, 900);
        using var scope = NewDisposeScope();
        using var rendered = result.Representation.Render();
        double error = (rendered.Values - image.Values).to(float64).square().mean().item<double>();
        error.Should().BeApproximately(result.Loss, 1e-4 * result.Loss);
        PiecewiseFourierFitterTests.Close(result.Representation.Evaluate(image.Coordinates), rendered.Values, 2e-5);
    }

    [Fact]
    public void Fit_OneBlockOneChannel_KeepsTheFirstCosines()
    {
        // A sum of the three lowest cosines needs exactly those: level, one prefix length, three coefficients.
        var values = new float[64];
        int[] shape = [8, 8];
        var order = new BlockOrders().Get(shape);
        for (int i = 0; i < 64; i++)
            values[i] = (float)(0.5 + (0.2 * KernelTests.Cosine(shape, order[1], i)) + (0.1 * KernelTests.Cosine(shape, order[2], i)));
        using var image = Signal.FromGrid(values, [8, 8], 1);
        using var fitter = new BlockCosineFitter(new BlockCosineOptions { FloatBudget = 5, BlockSide = 8 });
        using var result = fitter.Fit(image);
        result.Representation.Parameters["prefixes"].item<float>().Should().Be(3);
        result.Psnr.Should().BeGreaterThan(100);

        // Three terms: two cosines multiplied, times a coefficient, added.
        ((IReportsFlops)result.Representation.Target).FlopsPerSample(result.Representation.Parameters).Should().Be(3 * 3);
    }

    [Fact]
    public void Fit_BudgetBelowThePrefixes_IsRefused()
    {
        using var image = PiecewiseFourierFitterTests.Cartoon(64, 64);
        using var fitter = new BlockCosineFitter(new BlockCosineOptions { FloatBudget = 100, BlockSide = 8 });
        ((Action)(() => fitter.Fit(image))).Should().Throw<ArgumentException>().WithMessage("*smallest workable budget*");
    }
}
