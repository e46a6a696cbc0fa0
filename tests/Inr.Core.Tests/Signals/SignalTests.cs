using Inr.Testing;

namespace Inr.Tests;

public sealed class SignalTests
{
    [Fact]
    public void FromGrid_Values_GetCoordinatesOfTheGrid()
    {
        using var signal = Signal.FromGrid([0f, 1, 2, 3, 4, 5], [2, 3], 1, "six");

        using var grid = CoordinateGrid.Create([2, 3]);
        signal.Coordinates.equal(grid).all().item<bool>().Should().BeTrue();
        (signal.SampleCount, signal.InputDimension, signal.Channels).Should().Be((6, 2, 1));
        signal.ToString().Should().Be("six: 6 samples, grid 2×3, 1 channel");
    }

    [Fact]
    public void FromGrid_Tensor_IsCopied()
    {
        using var values = torch.zeros(2, 2, 3);
        using var signal = Signal.FromGrid(values, [2, 2]);

        values.fill_(9);

        signal.Values.sum().item<float>().Should().Be(0);
    }

    [Fact]
    public void FromGrid_WrongNumberOfValues_Throws()
    {
        using var values = torch.zeros(7);
        using var nothing = torch.zeros(0, 3);

        new Action(() => Signal.FromGrid(values, [2, 3])).Should().Throw<ArgumentException>().WithMessage("*[7]*grid 2×3*");
        new Action(() => Signal.FromGrid(nothing, [2, 3])).Should().Throw<ArgumentException>();
        new Action(() => Signal.FromGrid(new float[5], [2, 3], 1)).Should().Throw<ArgumentException>().WithMessage("*6 values, not 5*");
        new Action(() => Signal.FromGrid(new float[6], [2, 3], 0)).Should().Throw<ArgumentOutOfRangeException>();
        new Action(() => Signal.FromGrid(new float[6], [0, 3], 1)).Should().Throw<ArgumentException>().WithMessage("*0×3*");
        new Action(() => Signal.FromGrid(new float[6], [-2, 3], 1)).Should().Throw<ArgumentException>().WithMessage("*-2×3*");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Constructor_NumbersThatAreNotFinite_NamesTheSignal(float bad)
    {
        new Action(() => Signal.FromGrid([0f, bad], [2], 1, "broken")).Should().Throw<ArgumentException>().WithMessage("values of 'broken'*NaN or infinite*");
        new Func<object>(() => new Signal(torch.tensor(new[] { bad }, [1, 1]), torch.zeros(1, 1))).Should().Throw<ArgumentException>().WithMessage("coordinates*NaN or infinite*");
    }

    [Fact]
    public void Constructor_DisagreeingArguments_PrintsShapes()
    {
        new Func<object>(() => new Signal(torch.zeros(4, 2), torch.zeros(5, 3))).Should().Throw<ArgumentException>().WithMessage("*[4,2]*[5,3]*");
        new Func<object>(() => new Signal(torch.zeros(4), torch.zeros(4, 3))).Should().Throw<ArgumentException>().WithMessage("*[N,d]*[4]*");
        new Func<object>(() => new Signal(torch.zeros(0, 2), torch.zeros(0, 3))).Should().Throw<ArgumentException>().WithMessage("*at least one sample*");
        new Func<object>(() => new Signal(torch.zeros(4, 2), torch.zeros(4, 3), SignalDomain.Grid(2, 3))).Should().Throw<ArgumentException>().WithMessage("*6 samples*[4,2]*");
        new Func<object>(() => new Signal(torch.zeros(4, 2), torch.zeros(4, 3), SignalDomain.Grid(4))).Should().Throw<ArgumentException>().WithMessage("*1 axes*[4,2]*");
        new Func<object>(() => new Signal(torch.zeros(4, 2, dtype: torch.int64), torch.zeros(4, 3))).Should().Throw<ArgumentException>().WithMessage("*floating point*");
        new Func<object>(() => new Signal(torch.zeros(4, 9), torch.zeros(4, 3))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Split_Parts_AreDisjointAndComplete()
    {
        using var signal = Signal.FromGrid(Enumerable.Range(0, 20).Select(i => (float)i).ToArray(), [4, 5], 1);

        var (context, query) = signal.Split(0.3, seed: 7);
        using (context)
        using (query)
        {
            (context.SampleCount, query.SampleCount).Should().Be((14, 6));
            context.Values.data<float>().ToArray().Concat(query.Values.data<float>().ToArray()).Should().BeEquivalentTo(Enumerable.Range(0, 20).Select(i => (float)i));
            query.Domain.IsGrid.Should().BeFalse();
            // A value is its index in the grid, so each sample must still sit on its own coordinate.
            for (int i = 0; i < 6; i++)
            {
                long index = (long)query.Values[i, 0].item<float>();
                query.Coordinates[i].equal(signal.Coordinates[index]).all().item<bool>().Should().BeTrue();
            }
        }
    }

    [Fact]
    public void Split_Seed_DecidesTheParts()
    {
        using var signal = Signal.FromGrid(Enumerable.Range(0, 50).Select(i => (float)i).ToArray(), [50], 1);
        float[] Query(long seed)
        {
            var (context, query) = signal.Split(0.5, seed);
            using (context)
            using (query)
                return query.Values.data<float>().ToArray();
        }

        Query(1).Should().Equal(Query(1));
        Query(1).Should().NotEqual(Query(2));
    }

    [Fact]
    public void Split_BadFractionOrOneSample_Throws()
    {
        using var one = Signal.FromGrid([1f], [1, 1], 1);
        using var two = Signal.FromGrid([1f, 2f], [2], 1);

        new Action(() => one.Split(0.5)).Should().Throw<ArgumentException>().WithMessage("*one sample*");
        foreach (double fraction in new[] { 0, 1, -1, double.NaN })
            new Action(() => two.Split(fraction)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Subset_Indices_KeepPairsTogether()
    {
        using var signal = Signal.FromGrid([0f, 1, 2, 3], [4], 1);
        using var indices = torch.tensor(new long[] { 3, 1 });

        using var subset = signal.Subset(indices);

        subset.Values.data<float>().ToArray().Should().Equal(3, 1);
        subset.Coordinates.data<float>().ToArray().Should().Equal(0.75f, -0.25f);
    }

    [Fact]
    public void Dispose_Signal_FreesItsTensors()
    {
        using var values = torch.zeros(4, 4, 3);

        LiveTensors.ShouldStayFlat(() =>
        {
            using var signal = Signal.FromGrid(values, [4, 4]);
            using var copy = signal.To(torch.ScalarType.Float64);
            var (context, query) = copy.Split(0.5);
            context.Dispose();
            query.Dispose();
        });
    }
}
