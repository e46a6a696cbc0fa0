using System.Buffers;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>A signal on a full grid, as one array of samples per channel, colour-transformed and centred.</summary>
internal sealed class SampledGrid
{
    public SampledGrid(int[] shape, float[][] planes)
    {
        Shape = shape;
        Planes = planes;
        foreach (var plane in planes)
        {
            double sum = 0;
            foreach (float v in plane)
                sum += (double)v * v;
            Energy += sum;
        }
    }

    /// <summary>Samples on each axis.</summary>
    public int[] Shape { get; }

    /// <summary>For each channel, the samples in row-major order.</summary>
    public float[][] Planes { get; }

    /// <summary>The number of channels.</summary>
    public int Channels => Planes.Length;

    /// <summary>The sum of all squares.</summary>
    public double Energy { get; }

    /// <summary>Copies one channel of a box into a lane of a tile: sample i of the box to [stride·i].</summary>
    public void Gather(int channel, ReadOnlySpan<int> start, ReadOnlySpan<int> shape, Span<float> target, int stride)
    {
        var plane = Planes[channel];
        switch (Shape.Length)
        {
            case 1:
                Row(plane.AsSpan(start[0], shape[0]), target, 0, stride);
                break;
            case 2:
                for (int y = 0, at = 0; y < shape[0]; y++, at += shape[1])
                    Row(plane.AsSpan(((start[0] + y) * Shape[1]) + start[1], shape[1]), target, at, stride);
                break;
            default:
                for (int z = 0, at = 0; z < shape[0]; z++)
                {
                    for (int y = 0; y < shape[1]; y++, at += shape[2])
                        Row(plane.AsSpan(((((start[0] + z) * Shape[1]) + start[1] + y) * Shape[2]) + start[2], shape[2]), target, at, stride);
                }

                break;
        }
    }

    /// <summary>The samples of a box: for each channel, row-major.</summary>
    public double[][] Values(ReadOnlySpan<int> start, ReadOnlySpan<int> shape)
    {
        var values = new double[Channels][];
        for (int c = 0; c < values.Length; c++)
            values[c] = Values(c, start, shape);
        return values;
    }

    /// <summary>The samples of a box in one channel, row-major.</summary>
    public double[] Values(int channel, ReadOnlySpan<int> start, ReadOnlySpan<int> shape)
    {
        int size = 1;
        foreach (int n in shape)
            size *= n;
        var values = new double[size];
        Read(channel, start, shape, values);
        return values;
    }

    /// <summary>Reads the samples of a box in one channel, row-major.</summary>
    public void Read(int channel, ReadOnlySpan<int> start, ReadOnlySpan<int> shape, Span<double> values)
    {
        var buffer = ArrayPool<float>.Shared.Rent(values.Length);
        Gather(channel, start, shape, buffer, 1);
        for (int i = 0; i < values.Length; i++)
            values[i] = buffer[i];
        ArrayPool<float>.Shared.Return(buffer);
    }

    private static void Row(ReadOnlySpan<float> row, Span<float> target, int at, int stride)
    {
        for (int i = 0; i < row.Length; i++)
            target[(at + i) * stride] = row[i];
    }
}
