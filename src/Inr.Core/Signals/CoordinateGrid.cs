namespace Inr;

/// <summary>Coordinates of regular grids: cell centres over [-1,1] on every axis.</summary>
/// <remarks>
/// The samples are numbered in row-major order. All of them (<c>Create</c>), a run of them (<see cref="Range"/>) and
/// chosen ones (<see cref="At"/>) are made from their numbers by the same arithmetic, so that a sample has the same bits
/// however it is asked for.
/// </remarks>
public static class CoordinateGrid
{
    /// <summary>The centres of the cells of a grid, in row-major order.</summary>
    /// <param name="shape">Samples on each axis; an image is (height, width).</param>
    /// <param name="device">Where the result lives; CPU by default.</param>
    /// <param name="dtype">The result's type; float32 by default.</param>
    /// <returns>Shape [N,d]; entry k of a row is <c>(2i+1)/n_k − 1</c>.</returns>
    public static Tensor Create(ReadOnlySpan<int> shape, Device? device = null, ScalarType dtype = ScalarType.Float32) =>
        GridNumbers.Centred(shape).Range(0, SignalDomain.Grid(shape).SampleCount, device, dtype);

    /// <summary>The centres of the cells of a grid over a box of its own, in row-major order.</summary>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="ranges">The interval that each axis spans.</param>
    /// <param name="device">Where the result lives; CPU by default.</param>
    /// <param name="dtype">The result's type; float32 by default.</param>
    /// <returns>Shape [N,d]; entry k of a row is <c>low + (high − low)·(2i+1)/(2n_k)</c>.</returns>
    /// <exception cref="ArgumentException">The numbers of axes differ, or an axis has no sample.</exception>
    public static Tensor Create(ReadOnlySpan<int> shape, ReadOnlySpan<(double Low, double High)> ranges, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        long count = SignalDomain.Grid(shape).SampleCount;
        if (ranges.Length != shape.Length)
            throw new ArgumentException($"The grid has {shape.Length} axes but {ranges.Length} ranges were given.", nameof(ranges));
        return new GridNumbers(shape, ranges).Range(0, count, device, dtype);
    }

    /// <summary>A run of the centres that <see cref="Create(ReadOnlySpan{int}, Device, ScalarType)"/> gives, without the others.</summary>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="start">The first sample.</param>
    /// <param name="length">The number of samples.</param>
    /// <param name="device">Where the result lives; CPU by default.</param>
    /// <param name="dtype">The result's type; float32 by default.</param>
    /// <returns>Shape [length,d].</returns>
    /// <exception cref="ArgumentOutOfRangeException">The run leaves the grid.</exception>
    public static Tensor Range(ReadOnlySpan<int> shape, long start, long length, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        long count = SignalDomain.Grid(shape).SampleCount;
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, count - start);
        return GridNumbers.Centred(shape).Range(start, length, device, dtype);
    }

    /// <summary>The centres of chosen cells.</summary>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="indices">The numbers of the samples, shape [M], int64, each in [0, N). The result lives on their device.</param>
    /// <param name="dtype">The result's type; float32 by default.</param>
    /// <returns>Shape [M,d].</returns>
    /// <exception cref="ArgumentException">The indices are of another shape or type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside the grid; looked at on the CPU only.</exception>
    public static Tensor At(ReadOnlySpan<int> shape, Tensor indices, ScalarType dtype = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(indices);
        _ = SignalDomain.Grid(shape);
        SampleIndices.RequireShape(indices);
        return GridNumbers.Centred(shape).At(indices, dtype);
    }
}
