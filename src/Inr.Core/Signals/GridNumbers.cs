using System.Numerics;
using System.Runtime.CompilerServices;

namespace Inr;

/// <summary>Turns the numbers of the samples of a grid into coordinates, and keeps none.</summary>
/// <remarks>
/// On an axis of n samples over [low, high], sample i lies at <c>(2i+1)·h + low</c> with h = (high − low)/(2n): computed
/// in double, then rounded once to the type that is asked for.
/// </remarks>
internal sealed class GridNumbers
{
    private readonly int[] _shape;
    private readonly double[] _low;
    private readonly double[] _half;

    /// <param name="shape">Samples on each axis, each at least 1.</param>
    /// <param name="ranges">The interval of each axis.</param>
    public GridNumbers(ReadOnlySpan<int> shape, ReadOnlySpan<(double Low, double High)> ranges)
    {
        _shape = shape.ToArray();
        _low = new double[shape.Length];
        _half = new double[shape.Length];
        for (int k = 0; k < shape.Length; k++)
            (_low[k], _half[k]) = (ranges[k].Low, (ranges[k].High - ranges[k].Low) / (2.0 * shape[k]));
    }

    private int Dimension => _shape.Length;

    /// <summary>The grid over [-1,1] on every axis.</summary>
    public static GridNumbers Centred(ReadOnlySpan<int> shape)
    {
        var ranges = new (double, double)[shape.Length];
        Array.Fill(ranges, (-1, 1));
        return new GridNumbers(shape, ranges);
    }

    /// <summary>The coordinates of a run of samples, [length,d].</summary>
    public Tensor Range(long start, long length, Device? device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        if (ComputesThere(device))
            return OnDevice(arange(start, start + length, dtype: int64, device: device), dtype).MoveToOuterDisposeScope();
        var result = Stored(length, dtype, out var wide);
        if (wide)
            FillRange(TensorSpan.Of<double>(result), start);
        else
            FillRange(TensorSpan.Of<float>(result), start);
        return Finished(result, device, dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The coordinates of chosen samples, [M,d], on the device of the indices.</summary>
    public Tensor At(Tensor indices, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var device = indices.device;
        if (ComputesThere(device))
            return OnDevice(indices, dtype).MoveToOuterDisposeScope();
        var numbers = indices.cpu().contiguous();
        var result = Stored(numbers.shape[0], dtype, out var wide);
        if (wide)
            FillChosen(TensorSpan.Of<double>(result), TensorSpan.Of<long>(numbers));
        else
            FillChosen(TensorSpan.Of<float>(result), TensorSpan.Of<long>(numbers));
        return Finished(result, device, dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The same by tensor operations, on the device of the indices.</summary>
    internal Tensor OnDevice(Tensor indices, ScalarType dtype)
    {
        var axes = new Tensor[Dimension];
        var rest = indices;
        for (int k = Dimension - 1; k >= 0; k--)
        {
            axes[k] = ((rest.remainder(_shape[k]).to(float64) * 2 + 1) * _half[k] + _low[k]).to(dtype);
            rest = rest.div(_shape[k], RoundingMode.floor);
        }

        return stack(axes, -1);
    }

    // A GPU makes the numbers faster than they can be sent to it; the meta device has nothing to send.
    private static bool ComputesThere(Device? device) => device?.type is DeviceType.CUDA or DeviceType.META;

    private static Tensor Finished(Tensor result, Device? device, ScalarType dtype)
    {
        var typed = result.dtype == dtype ? result : result.to(dtype);
        return device is null || device.type == DeviceType.CPU ? typed : typed.to(device);
    }

    // Types other than the usual two are rounded from double.
    private Tensor Stored(long count, ScalarType dtype, out bool wide)
    {
        wide = dtype != ScalarType.Float32;
        return empty([count, Dimension], wide ? ScalarType.Float64 : ScalarType.Float32, CPU);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double Place(int axis, long i) => (i * 2.0 + 1) * _half[axis] + _low[axis];

    private void FillRange<T>(Span<T> target, long start)
        where T : unmanaged, INumberBase<T>
    {
        int last = Dimension - 1;
        Span<long> index = stackalloc long[Dimension];
        Span<T> outer = stackalloc T[last];
        Unravel(start, index);
        for (int at = 0; at < target.Length;)
        {
            for (int k = 0; k < last; k++)
                outer[k] = T.CreateTruncating(Place(k, index[k]));
            // To the end of the last axis, along which nothing else changes.
            for (; index[last] < _shape[last] && at < target.Length; index[last]++)
            {
                for (int k = 0; k < last; k++)
                    target[at++] = outer[k];
                target[at++] = T.CreateTruncating(Place(last, index[last]));
            }

            for (int k = last; k > 0 && index[k] == _shape[k]; k--)
            {
                index[k] = 0;
                index[k - 1]++;
            }
        }
    }

    private void FillChosen<T>(Span<T> target, ReadOnlySpan<long> indices)
        where T : unmanaged, INumberBase<T>
    {
        long count = 1;
        foreach (int n in _shape)
            count *= n;
        Span<long> index = stackalloc long[Dimension];
        int at = 0;
        foreach (long number in indices)
        {
            if ((ulong)number >= (ulong)count)
                throw SampleIndices.Outside(number, count, nameof(indices));
            Unravel(number, index);
            for (int k = 0; k < index.Length; k++)
                target[at++] = T.CreateTruncating(Place(k, index[k]));
        }
    }

    private void Unravel(long number, Span<long> index)
    {
        for (int k = Dimension - 1; k >= 0; k--)
            (number, index[k]) = Math.DivRem(number, _shape[k]);
    }
}
