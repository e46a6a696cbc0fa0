namespace Inr.Benchmarks.Families;

/// <summary>Pictures without files: smooth colours and a slanted edge; the arithmetic of most rows does not depend on the values.</summary>
internal static class BenchImage
{
    /// <summary>A square picture; different numbers give different ones.</summary>
    public static Signal Create(int side, int number = 0)
    {
        using var scope = NewDisposeScope();
        var grid = CoordinateGrid.Create([side, side]);
        var (row, column) = (grid.select(1, 0), grid.select(1, 1));
        var edge = (row + 0.4 * column).gt(0.1 * number).to(float32) * 0.2;
        var values = stack(Enumerable.Range(1, 3).Select(c => 0.4 + 0.3 * (c * 2.5 * column + (4 + number) * row).sin() + edge).ToArray(), 1);
        return Signal.FromGrid(values, [side, side], $"picture {number}");
    }
}
