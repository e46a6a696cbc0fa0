namespace Inr;

/// <summary>The coordinates of a regular grid, made piece by piece: the same numbers as <see cref="CoordinateGrid"/>, without all of them at once.</summary>
/// <remarks>It holds one short tensor per axis, which belong to the dispose scope that it was made in.</remarks>
internal sealed class GridSamples
{
    private readonly int[] _shape;
    private readonly (double Low, double High)[] _window;
    private readonly Device _device;
    private readonly ScalarType _dtype;
    private readonly Tensor[] _axes;

    public GridSamples(ReadOnlySpan<int> shape, ReadOnlySpan<(double Low, double High)> window, Device device, ScalarType dtype)
    {
        _shape = shape.ToArray();
        _window = window.ToArray();
        _device = device;
        _dtype = dtype;
        Count = SignalDomain.Grid(shape).SampleCount;
        _axes = new Tensor[_shape.Length];
        for (int k = 0; k < _axes.Length; k++)
            _axes[k] = CoordinateGrid.Create([_shape[k]], [_window[k]], device, dtype).squeeze(1);
    }

    /// <summary>The number of samples.</summary>
    public long Count { get; }

    /// <summary>The coordinates of some samples in row-major order.</summary>
    /// <returns>Shape [length,d].</returns>
    public Tensor Coordinates(long start, long length)
    {
        if (length == Count)
            return CoordinateGrid.Create(_shape, _window, _device, _dtype);
        using var scope = NewDisposeScope();
        var index = arange(start, start + length, ScalarType.Int64, _device);
        var columns = new Tensor[_shape.Length];
        for (int k = columns.Length - 1; k >= 0; k--)
        {
            columns[k] = _axes[k].index_select(0, k == 0 ? index : index.remainder(_shape[k]));
            if (k > 0)
                index = index.div(_shape[k], RoundingMode.floor);
        }

        return stack(columns, -1).MoveToOuterDisposeScope();
    }
}
