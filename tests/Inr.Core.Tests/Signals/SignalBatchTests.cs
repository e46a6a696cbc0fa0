using Inr.Testing;

namespace Inr.Tests;

public sealed class SignalBatchTests
{
    [Fact]
    public void Stack_EqualGrids_ShareCoordinates()
    {
        using var a = Signal.FromGrid([1f, 2, 3, 4], [2, 2], 1);
        using var b = Signal.FromGrid([5f, 6, 7, 8], [2, 2], 1);

        using var batch = SignalBatch.Stack([a, b]);

        batch.Coordinates.shape.Should().Equal(4, 2);
        batch.Mask.Should().BeNull();
        batch.Domain.Should().Be(SignalDomain.Grid(2, 2));
        (batch.Count, batch.SampleCount).Should().Be((2, 4));
        batch.Values.data<float>().ToArray().Should().Equal(1, 2, 3, 4, 5, 6, 7, 8);
    }

    [Fact]
    public void Stack_OtherSizes_PadsAndMasks()
    {
        using var a = Signal.FromGrid([1f, 2, 3], [3], 1);
        using var b = Signal.FromGrid([4f], [1], 1);

        using var batch = SignalBatch.Stack([a, b]);

        batch.Coordinates.shape.Should().Equal(2, 3, 1);
        batch.Mask!.data<float>().ToArray().Should().Equal(1, 1, 1, 1, 0, 0);
        batch.Values.data<float>().ToArray().Should().Equal(1, 2, 3, 4, 0, 0);
        batch.Domain.IsGrid.Should().BeFalse();
    }

    [Fact]
    public void Stack_NothingOrUnlikeSignals_Throws()
    {
        using var grey = Signal.FromGrid(new float[4], [2, 2], 1);
        using var colour = Signal.FromGrid(new float[12], [2, 2], 3);
        using var sound = Signal.FromGrid(new float[4], [4], 1);

        new Action(() => SignalBatch.Stack([])).Should().Throw<ArgumentException>().WithMessage("*at least one*");
        new Action(() => SignalBatch.Stack([grey, colour])).Should().Throw<ArgumentException>().WithMessage("*channel*");
        new Action(() => SignalBatch.Stack([grey, sound])).Should().Throw<ArgumentException>().WithMessage("*dimension*");
    }

    [Fact]
    public void Constructor_WrongShapes_PrintsThem()
    {
        new Func<object>(() => new SignalBatch(torch.zeros(4, 2), torch.zeros(2, 5, 3))).Should().Throw<ArgumentException>().WithMessage("*[4,2]*[2,5,3]*");
        new Func<object>(() => new SignalBatch(torch.zeros(3, 5, 2), torch.zeros(2, 5, 3))).Should().Throw<ArgumentException>().WithMessage("*[3,5,2]*[2,5,3]*");
        new Func<object>(() => new SignalBatch(torch.zeros(5, 2), torch.zeros(2, 5, 3), torch.ones(2, 4))).Should().Throw<ArgumentException>().WithMessage("*mask*[2,4]*");
    }

    [Fact]
    public void Dispose_Batch_FreesItsTensors()
    {
        using var a = Signal.FromGrid([1f, 2, 3], [3], 1);
        using var b = Signal.FromGrid([4f], [1], 1);

        LiveTensors.ShouldStayFlat(() =>
        {
            SignalBatch.Stack([a, b]).Dispose();
            SignalBatch.Of(a).Dispose();
        });
    }
}
