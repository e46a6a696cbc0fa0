namespace Inr.Tests;

public sealed class PsnrTests
{
    [Fact]
    public void Of_ConstantError_IsClosedForm()
    {
        using var reference = torch.zeros(5, 3);
        using var estimate = torch.full([5, 3], 0.1);

        // −10·log10(0.01) = 20 dB.
        Psnr.Of(reference, estimate).Should().BeApproximately(20, 1e-5);
    }

    [Fact]
    public void Of_OneWrongValueOfMany_AveragesOverAllValues()
    {
        using var reference = torch.zeros(50, 2);
        using var estimate = torch.zeros(50, 2);
        estimate[7, 1] = 1;

        // The mean over 100 values, not over 50 samples, is 0.01.
        Psnr.Of(reference, estimate).Should().BeApproximately(20, 1e-9);
    }

    [Fact]
    public void Of_Random_EqualsDoubleLoop()
    {
        var random = new Random(3);
        var a = Enumerable.Range(0, 600).Select(_ => random.NextSingle()).ToArray();
        var b = a.Select(v => v + 0.02f * (random.NextSingle() - 0.5f)).ToArray();
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        using var reference = Signal.FromGrid(a, [10, 20], 3);
        using var estimate = Signal.FromGrid(b, [10, 20], 3);

        Psnr.Of(reference, estimate).Should().BeApproximately(-10 * Math.Log10(sum / a.Length), 1e-10);
    }

    [Fact]
    public void Of_ValuesBeyondUnitInterval_AreNotClamped()
    {
        using var reference = torch.ones(4, 1);
        using var estimate = torch.full([4, 1], 2.0);

        Psnr.Of(reference, estimate).Should().Be(0);
        Psnr.Of8Bit(reference, estimate).Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void Of8Bit_Values_AreRoundedTo255Steps()
    {
        // 0.4/255 rounds to 0 and 0.6/255 to 1/255: half of the values are off by one step.
        using var reference = torch.zeros(2, 1);
        using var estimate = torch.tensor(new[] { 0.4f / 255, 0.6f / 255 }, [2, 1]);

        Psnr.Of8Bit(reference, estimate).Should().BeApproximately(-10 * Math.Log10(0.5 / (255.0 * 255)), 1e-9);
        // The reference is rounded as well.
        Psnr.Of8Bit(estimate, reference).Should().Be(Psnr.Of8Bit(reference, estimate));
    }

    [Fact]
    public void Of_EqualInputs_IsPositiveInfinity()
    {
        using var image = Signal.FromGrid([0.1f, 0.2f], [1, 2], 1);

        Psnr.Of(image, image).Should().Be(double.PositiveInfinity);
        Psnr.Of8Bit(image, image).Should().Be(double.PositiveInfinity);
        Psnr.FromMeanSquaredError(0).Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void Of_NaN_IsNaN()
    {
        using var reference = torch.zeros(2, 1);
        using var estimate = torch.tensor(new[] { 0f, float.NaN }, [2, 1]);

        Psnr.Of(reference, estimate).Should().Be(double.NaN);
    }

    [Fact]
    public void Of_Float32_IsComputedInDouble()
    {
        // Squares of 1e-23 underflow in float32.
        using var reference = torch.zeros(3, 1);
        using var estimate = torch.full([3, 1], 1e-23);

        Psnr.Of(reference, estimate).Should().BeApproximately(460, 1e-3);
    }

    [Fact]
    public void Of_TensorsThatRequireGradient_NeedsNoDetach()
    {
        using var reference = torch.zeros(3, 1);
        using var estimate = torch.full([3, 1], 0.1, requires_grad: true);

        Psnr.Of(reference, estimate).Should().BeApproximately(20, 1e-5);
    }

    [Fact]
    public void Of_ShapesThatWouldBroadcast_Throws()
    {
        using var reference = torch.zeros(4, 3);
        using var estimate = torch.zeros(4, 1);

        var act = () => Psnr.Of(reference, estimate);

        act.Should().Throw<ArgumentException>().WithMessage("*[4,3]*[4,1]*");
    }

    [Fact]
    public void Of_IntegersOrNothing_Throws()
    {
        using var bytes = torch.zeros(4, 3, dtype: torch.uint8);
        using var nothing = torch.zeros(0, 3);

        new Action(() => Psnr.Of(bytes, bytes)).Should().Throw<ArgumentException>().WithMessage("*floating point*");
        new Action(() => Psnr.Of(nothing, nothing)).Should().Throw<ArgumentException>().WithMessage("*[0,3]*");
    }

    [Fact]
    public void Of_GridsOfOtherShape_Throws()
    {
        using var wide = Signal.FromGrid(new float[12], [2, 6], 1);
        using var tall = Signal.FromGrid(new float[12], [6, 2], 1);

        new Action(() => Psnr.Of(wide, tall)).Should().Throw<ArgumentException>().WithMessage("*2×6*6×2*");
        new Action(() => Psnr.Of8Bit(wide, tall)).Should().Throw<ArgumentException>().WithMessage("*2×6*6×2*");
    }
}
