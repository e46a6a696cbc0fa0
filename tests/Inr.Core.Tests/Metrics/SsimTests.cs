namespace Inr.Tests;

public sealed class SsimTests
{
    // Expected values: a double loop over windows in NumPy 1.24 (float64), weights w of the outer product of
    // g_i = exp(−(i − (n−1)/2)²/(2·1.5²)) normalized to 1, means Σw·a, variances Σw·(a − μ)², covariance likewise,
    // C1 = 1e-4, C2 = 9e-4, mean over windows and channels. x and y are the formulas of Pair.
    [Theory]
    [InlineData(16, 20, 3, 0.7690191678206458)]
    [InlineData(11, 11, 1, 0.708837101599648)]
    [InlineData(12, 9, 1, 0.7374395883681982)]
    [InlineData(6, 8, 2, 0.7700858846008681)]
    [InlineData(2, 5, 1, 0.9335878774316748)]
    [InlineData(1, 1, 3, 0.9717363375459308)]
    public void Of_FormulaImages_EqualsNumPy(int height, int width, int channels, double expected)
    {
        var (x, y) = Pair(height, width, channels);
        using (x)
        using (y)
            Ssim.Of(x, y).Should().BeApproximately(expected, 1e-10);
    }

    [Theory]
    [InlineData(torch.ScalarType.Float32)]
    [InlineData(torch.ScalarType.Float64)]
    public void Of_ManyRows_IsTheMeanOfItsWindows_AndTheSameForAnyNumberOfThreads(torch.ScalarType type)
    {
        const int Height = 67, Width = 23, Channels = 3;
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(3);
        var x = torch.rand([Height, Width, Channels], torch.float64, generator: generator).to(type);
        var y = (x + 0.2 * torch.rand([Height, Width, Channels], torch.float64, generator: generator)).to(type);
        double sum = 0;
        // A picture of one window is that window.
        for (int r = 0; r + 11 <= Height; r++)
        {
            for (int c = 0; c + 11 <= Width; c++)
                sum += Ssim.Of(x.narrow(0, r, 11).narrow(1, c, 11), y.narrow(0, r, 11).narrow(1, c, 11));
        }

        int threads = TorchRuntime.Threads;
        try
        {
            TorchRuntime.Threads = 1;
            double one = Ssim.Of(x, y);
            TorchRuntime.Threads = 3;
            Ssim.Of(x, y).Should().Be(one);
            one.Should().BeApproximately(sum / ((Height - 10) * (Width - 10)), 1e-12);
        }
        finally
        {
            TorchRuntime.Threads = threads;
        }
    }

    [Fact]
    public void Of_EqualImages_IsOne()
    {
        var (x, y) = Pair(16, 20, 3);
        using (x)
        using (y)
            Ssim.Of(x, x).Should().BeApproximately(1, 1e-12);
    }

    [Theory]
    [InlineData(0.2, 0.6)]
    [InlineData(0, 1)]
    [InlineData(-0.5, 1.5)]
    public void Of_ConstantImages_IsLuminanceTerm(double a, double b)
    {
        using var x = torch.full([15, 13, 2], a, dtype: torch.float64);
        using var y = torch.full([15, 13, 2], b, dtype: torch.float64);

        // Variances vanish, so that the second factor is C2/C2.
        Ssim.Of(x, y).Should().BeApproximately((2 * a * b + 1e-4) / (a * a + b * b + 1e-4), 1e-9);
    }

    [Fact]
    public void Of_Arguments_AreInterchangeable()
    {
        var (x, y) = Pair(14, 14, 1);
        using (x)
        using (y)
            Ssim.Of(x, y).Should().BeApproximately(Ssim.Of(y, x), 1e-12);
    }

    [Fact]
    public void Of_Signals_EqualsTensorsInRowMajorOrder()
    {
        var (x, y) = Pair(16, 20, 3);
        using (x)
        using (y)
        {
            using var reference = Signal.FromGrid(x, [16, 20]);
            using var estimate = Signal.FromGrid(y, [16, 20]);

            Ssim.Of(reference, estimate).Should().BeApproximately(0.7690191678206458, 1e-10);
        }
    }

    [Fact]
    public void Of_WrongShapes_Throws()
    {
        using var image = torch.zeros(12, 12, 3);
        using var narrow = torch.zeros(12, 11, 3);
        using var flat = torch.zeros(144, 3);
        using var sound = Signal.FromGrid(new float[12], [12], 1);
        using var picture = Signal.FromGrid(new float[12], [3, 4], 1);
        using var points = new Signal(torch.zeros(12, 2), torch.zeros(12, 1));

        new Action(() => Ssim.Of(image, narrow)).Should().Throw<ArgumentException>().WithMessage("*[12,12,3]*[12,11,3]*");
        new Action(() => Ssim.Of(flat, flat)).Should().Throw<ArgumentException>().WithMessage("*[height,width,channels]*[144,3]*");
        new Action(() => Ssim.Of(sound, sound)).Should().Throw<ArgumentException>().WithMessage("*two axes*");
        new Action(() => Ssim.Of(picture, points)).Should().Throw<ArgumentException>().WithMessage("*two axes*");
    }

    private static (torch.Tensor X, torch.Tensor Y) Pair(int height, int width, int channels)
    {
        var x = new double[height * width * channels];
        var y = new double[x.Length];
        int at = 0;
        for (int i = 0; i < height; i++)
        {
            for (int j = 0; j < width; j++)
            {
                for (int k = 0; k < channels; k++, at++)
                {
                    int n = (7 * i + 13 * j + 29 * k + i * j) % 64;
                    x[at] = n / 63.0;
                    y[at] = n * 2 % 61 / 61.0 * 0.5 + x[at] * 0.5;
                }
            }
        }

        return (torch.tensor(x, [height, width, channels]), torch.tensor(y, [height, width, channels]));
    }
}
