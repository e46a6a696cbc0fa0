namespace Inr;

/// <summary>Coordinates of regular grids: cell centres over [-1,1] on every axis.</summary>
public static class CoordinateGrid
{
    /// <summary>The centres of the cells of a grid, in row-major order.</summary>
    /// <param name="shape">Samples on each axis; an image is (height, width).</param>
    /// <param name="device">Where the result lives; CPU by default.</param>
    /// <param name="dtype">The result's type; float32 by default.</param>
    /// <returns>Shape [N,d]; entry k of a row is <c>(2i+1)/n_k − 1</c>.</returns>
    public static Tensor Create(ReadOnlySpan<int> shape, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        var ranges = new (double Low, double High)[shape.Length];
        Array.Fill(ranges, (-1.0, 1.0));
        return Create(shape, ranges, device, dtype);
    }

    /// <summary>The centres of the cells of a grid over a box of its own, in row-major order.</summary>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="ranges">The interval that each axis spans.</param>
    /// <param name="device">Where the result lives; CPU by default.</param>
    /// <param name="dtype">The result's type; float32 by default.</param>
    /// <returns>Shape [N,d]; entry k of a row is <c>low + (high − low)·(2i+1)/(2n_k)</c>.</returns>
    /// <exception cref="ArgumentException">The numbers of axes differ, or an axis has no sample.</exception>
    public static Tensor Create(ReadOnlySpan<int> shape, ReadOnlySpan<(double Low, double High)> ranges, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        _ = SignalDomain.Grid(shape);
        if (ranges.Length != shape.Length)
            throw new ArgumentException($"The grid has {shape.Length} axes but {ranges.Length} ranges were given.", nameof(ranges));

        using var scope = NewDisposeScope();
        var axes = new Tensor[shape.Length];
        for (int k = 0; k < shape.Length; k++)
        {
            var (low, high) = ranges[k];
            double half = (high - low) / (2.0 * shape[k]);
            // In double, then rounded once: the value of a sample does not depend on how it was reached.
            axes[k] = ((arange(shape[k], dtype: float64, device: CPU) * 2 + 1) * half + low).to(dtype);
        }

        var mesh = shape.Length == 1 ? axes : meshgrid(axes, "ij");
        var grid = stack(mesh.Select(m => m.flatten()).ToArray(), dim: -1).contiguous();
        return (device is null ? grid : grid.to(device)).MoveToOuterDisposeScope();
    }
}
