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
}
