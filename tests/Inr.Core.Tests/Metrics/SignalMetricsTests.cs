using Inr.Testing;

namespace Inr.Tests;

public sealed class SignalMetricsTests
{
    // f(row, column) = row + column.
    private static ImplicitRepresentation Plane(SignalDomain domain)
    {
        var target = new PlaneTarget(2, 1);
        return new ImplicitRepresentation(target, target.Initialize(), domain);
    }

    [Fact]
    public void HeldOutPsnr_Query_ComparesAtItsCoordinates()
    {
        using var plane = Plane(SignalDomain.Grid(8, 8));
        using var coordinates = torch.tensor(new[] { 0.5f, 0.25f, -0.5f, 0.125f }, [2, 2]);
        using var values = torch.tensor(new[] { 0.75f + 0.1f, -0.375f - 0.1f }, [2, 1]);
        using var query = new Signal(coordinates.clone(), values.clone());

        HeldOut.Psnr(plane, query).Should().BeApproximately(20, 1e-4);
    }

    [Fact]
    public void HeldOutPsnr_ExactFunction_IsPositiveInfinity()
    {
        using var plane = Plane(SignalDomain.Grid(8, 8));
        using var image = plane.Render();
        var (context, query) = image.Split(0.25);
        using (context)
        using (query)
            HeldOut.Psnr(plane, query).Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void HeldOutPsnr_DoubleQuery_IsConvertedForTheFunction()
    {
        using var plane = Plane(SignalDomain.Grid(8, 8));
        using var image = plane.Render();
        using var query = image.To(torch.ScalarType.Float64);

        HeldOut.Psnr(plane, query).Should().BeGreaterThan(140);
    }

    [Fact]
    public void HeldOutPsnr_OtherChannelsOrAxes_Throws()
    {
        using var plane = Plane(SignalDomain.Grid(8, 8));
        using var colour = Signal.FromGrid(new float[12], [2, 2], 3);
        using var sound = Signal.FromGrid(new float[4], [4], 1);

        new Action(() => HeldOut.Psnr(plane, colour)).Should().Throw<ArgumentException>().WithMessage("*yields 1 channels*3 channels*");
        new Action(() => HeldOut.Psnr(plane, sound)).Should().Throw<ArgumentException>().WithMessage("*[4,1]*");
    }

    [Fact]
    public void Of_Image_HasEveryMeasure()
    {
        using var plane = Plane(SignalDomain.Grid(12, 12));
        using var rendered = plane.Render();
        using var shifted = Signal.FromGrid(rendered.Values + 0.1f, [12, 12]);

        var metrics = SignalMetrics.Of(shifted, plane, shifted);

        metrics.Psnr.Should().BeApproximately(20, 1e-4);
        metrics.HeldOutPsnr.Should().BeApproximately(20, 1e-4);
        metrics.Psnr8.Should().Be(Psnr.Of8Bit(shifted, rendered));
        metrics.Ssim.Should().Be(Ssim.Of(shifted, rendered));
        metrics.Should().Be(SignalMetrics.Of(shifted, rendered) with { HeldOutPsnr = metrics.HeldOutPsnr });
    }

    [Fact]
    public void Of_NoImage_HasNoSsim()
    {
        using var sound = Signal.FromGrid([0f, 0.5f, 1f], [3], 1);
        using var points = new Signal(torch.zeros(3, 2), torch.zeros(3, 1));

        SignalMetrics.Of(sound, sound).Ssim.Should().BeNull();
        SignalMetrics.Of(points, points).Ssim.Should().BeNull();
        SignalMetrics.Of(points, points).HeldOutPsnr.Should().BeNull();
    }

    [Fact]
    public void Of_Measures_LeaveNoTensorsBehind()
    {
        using var plane = Plane(SignalDomain.Grid(12, 12));
        using var image = plane.Render();

        LiveTensors.ShouldStayFlat(() => _ = SignalMetrics.Of(image, plane, image));
        LiveTensors.ShouldStayFlat(() => _ = SignalMetrics.Of(image, image));
        LiveTensors.ShouldStayFlat(() => _ = HeldOut.Psnr(plane, image));
        LiveTensors.ShouldStayFlat(() => _ = Psnr.Of(image, image) + Psnr.Of8Bit(image, image) + Ssim.Of(image, image));
    }
}
