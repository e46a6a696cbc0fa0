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
    public void Select_Indices_KeepPairsTogether()
    {
        using var signal = Signal.FromGrid([0f, 1, 2, 3], [4], 1);
        using var indices = torch.tensor(new long[] { 3, 1 });

        using var subset = signal.Select(indices);

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

    [Fact]
    public void OnGrid_Values_AreTakenOverAndNothingElseIsHeld()
    {
        long before = LiveTensors.Count;
        var values = torch.rand(6, 2);
        using (var signal = Signal.OnGrid(values, SignalDomain.Grid(2, 3), "own"))
        {
            signal.Values.Should().BeSameAs(values);
            (LiveTensors.Count - before).Should().Be(1, "the coordinates follow from the grid");
            (signal.Name, signal.SampleCount, signal.Channels).Should().Be(("own", 6, 2));
        }

        LiveTensors.Count.Should().Be(before);
    }

    [Fact]
    public void OnGrid_WrongArguments_Throw()
    {
        using var values = torch.zeros(6, 2);
        using var cube = torch.zeros(2, 3, 2);
        using var whole = torch.zeros(6, 2, dtype: torch.int64);
        using var broken = torch.tensor(new[] { 0f, float.NaN }, [2, 1]);

        new Action(() => Signal.OnGrid(values, SignalDomain.Grid(2, 2))).Should().Throw<ArgumentException>().WithMessage("*grid 2×2 of 4*[6,2]*");
        new Action(() => Signal.OnGrid(values, SignalDomain.Scattered(2))).Should().Throw<ArgumentException>().WithMessage("*scattered*");
        new Action(() => Signal.OnGrid(cube, SignalDomain.Grid(2, 3))).Should().Throw<ArgumentException>().WithMessage("*[N,c]*[2,3,2]*");
        new Action(() => Signal.OnGrid(whole, SignalDomain.Grid(2, 3))).Should().Throw<ArgumentException>().WithMessage("*floating point*");
        new Action(() => Signal.OnGrid(broken, SignalDomain.Grid(2), "bad")).Should().Throw<ArgumentException>().WithMessage("values of 'bad'*");
    }

    [Fact]
    public void FromGrid_AnyStrides_KeepsRowMajorOrder()
    {
        using var scope = torch.NewDisposeScope();
        var planes = torch.arange(24, dtype: torch.float32).reshape(2, 3, 4);
        var pixels = planes.permute(1, 2, 0);

        using var permuted = Signal.FromGrid(pixels, [3, 4]);
        using var channel = Signal.FromGrid(pixels.narrow(-1, 1, 1), [3, 4]);

        Close.ShouldBeSame(permuted.Values, pixels.contiguous().view(12, 2));
        Close.ShouldBeSame(channel.Values, planes[1].reshape(12, 1));
        planes.fill_(-1);
        channel.Values.min().item<float>().Should().Be(12, "the values are a copy");
    }

    [Fact]
    public void Constructor_GridWithCoordinates_KeepsTheCellCentresOnly()
    {
        using var scope = torch.NewDisposeScope();
        var centres = CoordinateGrid.Create([2, 3]);

        using var signal = new Signal(centres, torch.zeros(6, 1), SignalDomain.Grid(2, 3));

        Close.ShouldBeSame(signal.Coordinates, CoordinateGrid.Create([2, 3]));
        new Func<object>(() => new Signal(CoordinateGrid.Create([3, 2]), torch.zeros(6, 1), SignalDomain.Grid(2, 3)))
            .Should().Throw<ArgumentException>().WithMessage("*cell centres of the grid 2×3*scattered*");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CoordinatesOfAndAt_GridOrScattered_AreRowsOfTheWhole(bool grid)
    {
        using var scope = torch.NewDisposeScope();
        using var signal = grid ? Signal.FromGrid(torch.rand(35, 2), [5, 7]) : new Signal(torch.rand(35, 2), torch.rand(35, 2));
        var all = signal.Coordinates.clone();
        var chosen = torch.tensor(new long[] { 34, 0, 3, 3 });

        for (int pass = 0; pass < 2; pass++)
        {
            Close.ShouldBeSame(signal.CoordinatesOf(9, 20), all.narrow(0, 9, 20));
            Close.ShouldBeSame(signal.CoordinatesAt(chosen), all.index_select(0, chosen));
        }

        new Action(() => signal.CoordinatesOf(30, 6)).Should().Throw<ArgumentOutOfRangeException>();
        new Action(() => signal.CoordinatesAt(torch.tensor(new long[] { 35 }))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*35 samples*");
        new Action(() => signal.CoordinatesAt(torch.tensor(new long[] { -1 }))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Coordinates_SmallGrid_AreKeptAndLargeOnesAreNot()
    {
        using var small = Signal.FromGrid(new float[12], [3, 4], 1);
        using var large = Signal.FromGrid(new float[1 << 20], [1 << 10, 1 << 10], 1);

        small.Coordinates.Should().BeSameAs(small.Coordinates);
        long before = LiveTensors.Count;
        using (torch.NewDisposeScope())
        {
            Close.ShouldBeSame(large.Coordinates, CoordinateGrid.Create([1 << 10, 1 << 10]));
            large.Coordinates.Should().NotBeSameAs(large.Coordinates);
        }

        LiveTensors.Count.Should().Be(before, "they went with the scope");
    }

    [Fact]
    public void Select_Numbers_IsTheSelectionByTensor()
    {
        using var signal = Signal.FromGrid([0f, 1, 2, 3], [4], 1, "four");

        using var selected = signal.Select([3, 1, 1]);

        selected.Values.data<float>().ToArray().Should().Equal(3, 1, 1);
        selected.Coordinates.data<float>().ToArray().Should().Equal(0.75f, -0.25f, -0.25f);
        (selected.Domain, selected.Name).Should().Be((SignalDomain.Scattered(1), "four"));
        using var again = selected.Select([0]);
        again.Coordinates.item<float>().Should().Be(0.75f);
    }

    [Fact]
    public void Select_BadIndices_Throw()
    {
        using var signal = Signal.FromGrid([0f, 1, 2, 3], [4], 1);
        using var narrow = torch.tensor(new[] { 1 });

        new Action(() => signal.Select([4])).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*4 samples*between 0 and 3*");
        new Action(() => signal.Select([-1])).Should().Throw<ArgumentOutOfRangeException>();
        new Action(() => signal.Select([])).Should().Throw<ArgumentException>().WithMessage("*at least one sample*");
        new Action(() => signal.Select(narrow)).Should().Throw<ArgumentException>().WithMessage("*Int64*Int32*");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WithValues_OtherChannels_KeepsThePlaces(bool grid)
    {
        using var scope = torch.NewDisposeScope();
        using var signal = grid ? Signal.FromGrid(torch.rand(6, 1), [2, 3], "a") : new Signal(torch.rand(6, 2), torch.rand(6, 1), name: "a");

        using var other = signal.WithValues(torch.ones(6, 4));

        (other.Channels, other.Name, other.Domain).Should().Be((4, "a", signal.Domain));
        Close.ShouldBeSame(other.Coordinates, signal.Coordinates);
        new Action(() => signal.WithValues(torch.ones(5, 4))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void To_Double_HasTheCellCentresInDouble()
    {
        using var signal = Signal.FromGrid(new float[3], [3], 1);

        using var wide = signal.To(torch.ScalarType.Float64);

        wide.Coordinates.data<double>().ToArray().Should().Equal((1 * (2 / 6.0)) - 1, (3 * (2 / 6.0)) - 1, (5 * (2 / 6.0)) - 1);
    }
}
