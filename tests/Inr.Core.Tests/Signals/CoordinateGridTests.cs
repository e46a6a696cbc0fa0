using Inr.Testing;

namespace Inr.Tests;

public sealed class CoordinateGridTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(178)]
    public void Create_OneAxis_IsCellCentres(int count)
    {
        using var grid = CoordinateGrid.Create([count], dtype: torch.ScalarType.Float64);

        grid.shape.Should().Equal(count, 1);
        for (int i = 0; i < count; i++)
            grid[i, 0].item<double>().Should().BeApproximately((2.0 * i + 1) / count - 1, 1e-15);
    }

    [Fact]
    public void Create_ThreeAxes_LastVariesFastest()
    {
        using var grid = CoordinateGrid.Create([2, 3, 4]);

        grid.shape.Should().Equal(24, 3);
        int row = 0;
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                for (int k = 0; k < 4; k++, row++)
                {
                    float[] expected = [(2f * i + 1) / 2 - 1, (2f * j + 1) / 3 - 1, (2f * k + 1) / 4 - 1];
                    grid[row].data<float>().ToArray().Zip(expected).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-7);
                }
            }
        }
    }

    [Fact]
    public void Create_Ranges_SpanTheBoxByCellCentres()
    {
        using var grid = CoordinateGrid.Create([2, 2], [(0, 1), (-3, 5)], dtype: torch.ScalarType.Float64);

        grid.data<double>().ToArray().Should().Equal(0.25, -1, 0.25, 3, 0.75, -1, 0.75, 3);
    }

    [Fact]
    public void Create_WrongShape_Throws()
    {
        new Action(() => CoordinateGrid.Create([])).Should().Throw<ArgumentException>().WithMessage("*1 to 8 axes, not 0*");
        new Action(() => CoordinateGrid.Create([3, 0])).Should().Throw<ArgumentException>().WithMessage("*3×0*");
        new Action(() => CoordinateGrid.Create([3, -2])).Should().Throw<ArgumentException>().WithMessage("*3×-2*");
        new Action(() => CoordinateGrid.Create([3, 3], [(0.0, 1.0)])).Should().Throw<ArgumentException>().WithMessage("*2 axes*1 ranges*");
    }

    public static TheoryData<int[], torch.ScalarType> Grids() => new()
    {
        { [1], torch.ScalarType.Float32 },
        { [1021], torch.ScalarType.Float32 },
        { [3, 7], torch.ScalarType.Float64 },
        { [178, 131], torch.ScalarType.Float32 },
        { [9, 13], torch.ScalarType.BFloat16 },
        { [5, 1, 11], torch.ScalarType.Float32 },
        { [2, 3, 5, 7], torch.ScalarType.Float64 },
    };

    [Theory, MemberData(nameof(Grids))]
    public void Create_ByWhateverWay_HasTheBitsOfTheDefinition(int[] shape, torch.ScalarType dtype)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(3);
        var axes = shape.Select(n => ((torch.arange(n, dtype: torch.float64) * 2 + 1) * (2 / (2.0 * n)) - 1).to(dtype)).ToArray();
        var mesh = shape.Length == 1 ? axes : torch.meshgrid(axes, "ij");
        var expected = torch.stack(mesh.Select(m => m.flatten()).ToArray(), -1);
        long count = expected.shape[0];

        Close.ShouldBeSame(CoordinateGrid.Create(shape, dtype: dtype), expected);
        for (long start = 0; start < count; start += 17)
            Close.ShouldBeSame(CoordinateGrid.Range(shape, start, Math.Min(23, count - start), dtype: dtype), expected.narrow(0, start, Math.Min(23, count - start)));
        var chosen = torch.randint(0, count, [50], dtype: torch.int64, generator: generator);
        Close.ShouldBeSame(CoordinateGrid.At(shape, chosen, dtype), expected.index_select(0, chosen));
        Close.ShouldBeSame(GridNumbers.Centred(shape).OnDevice(chosen, dtype), expected.index_select(0, chosen), "a GPU finds the same numbers");
        CoordinateGrid.Range(shape, count, 0).shape.Should().Equal(0, shape.Length);
    }

    [Fact]
    public void Range_OnTheMetaDevice_HasTheShape()
    {
        using var meta = CoordinateGrid.Range([4, 5], 3, 6, new torch.Device(DeviceType.META));

        meta.shape.Should().Equal(6, 2);
        meta.device_type.Should().Be(DeviceType.META);
    }

    [Fact]
    public void RangeAndAt_OutsideTheGrid_Throw()
    {
        using var far = torch.tensor(new long[] { 0, 12 });
        using var negative = torch.tensor(new long[] { -1 });
        using var narrow = torch.tensor(new[] { 1 });
        using var square = torch.zeros(2, 2, dtype: torch.int64);

        new Action(() => CoordinateGrid.Range([3, 4], 10, 3)).Should().Throw<ArgumentOutOfRangeException>();
        new Action(() => CoordinateGrid.Range([3, 4], -1, 3)).Should().Throw<ArgumentOutOfRangeException>();
        new Action(() => CoordinateGrid.At([3, 4], far)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*12 samples*between 0 and 11*12*");
        new Action(() => CoordinateGrid.At([3, 4], negative)).Should().Throw<ArgumentOutOfRangeException>();
        new Action(() => CoordinateGrid.At([3, 4], narrow)).Should().Throw<ArgumentException>().WithMessage("*Int32*");
        new Action(() => CoordinateGrid.At([3, 4], square)).Should().Throw<ArgumentException>().WithMessage("*[2,2]*");
    }
}
