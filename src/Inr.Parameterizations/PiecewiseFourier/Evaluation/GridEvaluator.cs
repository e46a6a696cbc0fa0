using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Renders the expansion on a grid over any window: a separable inverse cosine transform per region, then the side of the cut picks.</summary>
/// <remarks>Large grids are rendered in bands, so that the largest region needs buffers of a band and not of the picture.</remarks>
internal sealed unsafe class GridEvaluator
{
    private const long DefaultFloatsPerBand = 1 << 25;

    private readonly DenseRegions _regions;
    private readonly PiecewiseShape _shape;
    private readonly float[] _level;
    private readonly float[] _inverse;
    private readonly AxisSamples[] _samples = new AxisSamples[3];
    private readonly long _floatsPerBand;

    /// <param name="regions">The expansion.</param>
    /// <param name="grid">Samples on each axis.</param>
    /// <param name="window">The interval of each axis, each of some length.</param>
    /// <param name="floatsPerBand">What the largest region may take of a band.</param>
    public GridEvaluator(DenseRegions regions, ReadOnlySpan<int> grid, ReadOnlySpan<(double Low, double High)> window, long floatsPerBand = DefaultFloatsPerBand)
    {
        _regions = regions;
        _floatsPerBand = floatsPerBand;
        _shape = regions.Structure.Shape;
        _level = regions.Level;
        _inverse = [.. ColorRotation.For(_shape.Channels).Select(x => (float)x)];
        for (int a = 0; a < 3; a++)
        {
            int from = a - (3 - grid.Length);
            _samples[a] = from < 0
                ? AxisSamples.Of(1, 1, -1, 1)
                : AxisSamples.Of(_shape.Grid[from], grid[from], window[from].Low, window[from].High);
        }
    }

    /// <summary>The numbers of the largest table that rendering takes: a side times the rendered samples on it.</summary>
    public double LargestTable()
    {
        double largest = 0;
        foreach (var leaf in _regions.Leaves)
        {
            for (int a = 0; a < 3; a++)
            {
                var (first, end) = _samples[a].Interval(leaf.Start[a], leaf.Size[a]);
                largest = Math.Max(largest, (double)leaf.Size[a] * (end - first));
            }
        }

        return largest;
    }

    /// <summary>Renders.</summary>
    /// <returns>Shape [N,c], row-major; at most 2 GB.</returns>
    public Tensor Render()
    {
        var result = empty([_samples.Aggregate(1L, (p, s) => p * s.Count), _shape.Channels], ScalarType.Float32, CPU);
        fixed (byte* values = result.bytes)
            Run((float*)values);
        return result;
    }

    private void Run(float* values)
    {
        int first = 3 - _shape.Grid.Length, rows = _samples[first].Count;
        long row = 1;
        for (int a = first + 1; a < 3; a++)
            row *= _samples[a].Count;
        // Two regions of a cut box lie side by side.
        int band = (int)Math.Clamp(_floatsPerBand / (2 * _shape.Channels * row), 1, rows);
        var axes = new AxisTable[3];
        for (int a = 0; a < 3; a++)
            axes[a] = Table(a, 0, _samples[a].Count);
        for (int from = 0; from < rows; from += band)
        {
            if (band < rows)
                axes[first] = Table(first, from, Math.Min(rows, from + band));
            RunBand(axes, values);
        }
    }

    private AxisTable Table(int axis, int from, int to)
    {
        var table = new AxisTable(_samples[axis], from, to);
        foreach (var leaf in _regions.Leaves)
            table.Prepare(leaf.Start[axis], leaf.Size[axis]);
        return table;
    }

    private void RunBand(AxisTable[] axes, float* values)
    {
        var output = (nint)values;
        Parallel.ForEach(System.Collections.Concurrent.Partitioner.Create(0, _regions.Leaves.Length), range =>
        {
            var buffers = new Buffers();
            for (int i = range.Item1; i < range.Item2; i++)
                Render(_regions.Leaves[i], axes, (float*)output, buffers);
        });
    }

    private void Render(DenseRegions.Leaf leaf, AxisTable[] axes, float* values, Buffers buffers)
    {
        int channels = _shape.Channels;
        var z = axes[0].Get(leaf.Start[0], leaf.Size[0]);
        var y = axes[1].Get(leaf.Start[1], leaf.Size[1]);
        var x = axes[2].Get(leaf.Start[2], leaf.Size[2]);
        if (z.Count == 0 || y.Count == 0 || x.Count == 0)
            return;
        int plane = z.Count * y.Count * x.Padded;
        bool cut = leaf.Cut is not null;
        buffers.Require(plane * channels * (cut ? 2 : 1), leaf.Size[1] * x.Padded, y.Count * x.Padded, plane);
        fixed (float* result = buffers.Result, rows = buffers.Rows, slice = buffers.Slice, dense = _regions.Values)
        {
            for (int r = 0; r < (cut ? 2 : 1); r++)
            {
                var region = _regions.Regions[leaf.FirstRegion + r];
                for (int c = 0; c < channels; c++)
                    Inverse(region, dense + region.Offset + (c * region.ChannelLength), z, y, x, rows, slice, result + (((r * channels) + c) * plane));
            }

            if (cut)
                Select(leaf, z, y, x, result, plane, buffers.Shares);
            Write(z, y, x, result, plane, values);
        }
    }

    private static void Inverse(DenseRegions.Region region, float* coefficients, Axis z, Axis y, Axis x, float* rows, float* slice, float* result)
    {
        int width = x.Padded, row = region.Row;
        new Span<float>(result, z.Count * y.Count * width).Clear();
        fixed (float* cosX = x.Cosines, cosY = y.Cosines, cosZ = z.Cosines)
        {
            for (int u0 = 0; u0 < region.Extent0; u0++)
            {
                float* c = coefficients + (u0 * region.Extent1 * row);
                Multiply(c, row, 1, region.Extent1, region.Extent2, cosX, width, rows);
                float* target = region.Extent0 == 1 && z.Count == 1 ? result : slice;
                // The table of y is [u][row]: its transpose times the rows.
                Multiply(cosY, 1, y.Padded, y.Count, region.Extent1, rows, width, target);
                if (target == result)
                    return;
                for (int k = 0; k < z.Count; k++)
                {
                    var factor = Vector256.Create(cosZ[(u0 * z.Padded) + k]);
                    float* to = result + (k * y.Count * width);
                    for (int i = 0; i < y.Count * width; i += 8)
                        ((Vector256.Load(slice + i) * factor) + Vector256.Load(to + i)).Store(to + i);
                }
            }
        }
    }

    // target[i, :] = Σ_k a[i·stepI + k·stepK]·b[k, :], rows of `width` floats, a multiple of 8.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(float* a, int stepI, int stepK, int rows, int inner, float* b, int width, float* target)
    {
        for (int i = 0; i < rows; i++)
        {
            float* factor = a + (i * stepI);
            float* to = target + (i * width);
            int j = 0;
            for (; j + 16 <= width; j += 16)
            {
                var s = Vector512<float>.Zero;
                for (int k = 0; k < inner; k++)
                    s = Lanes.MultiplyAdd(Vector512.Load(b + (k * width) + j), Vector512.Create(factor[k * stepK]), s);
                s.Store(to + j);
            }

            for (; j < width; j += 8)
            {
                var s = Vector256<float>.Zero;
                for (int k = 0; k < inner; k++)
                    s += Vector256.Load(b + (k * width) + j) * Vector256.Create(factor[k * stepK]);
                s.Store(to + j);
            }
        }
    }

    private void Select(DenseRegions.Leaf leaf, Axis z, Axis y, Axis x, float* result, int plane, float[] shares)
    {
        var cut = leaf.Cut!.Value;
        int d = _shape.Grid.Length;
        Span<double> all = stackalloc double[3];
        for (int k = 0, at = 0; k < z.Count; k++)
        {
            all[0] = z.Position(k);
            for (int i = 0; i < y.Count; i++)
            {
                all[1] = y.Position(i);
                for (int j = 0; j < x.Padded; j++, at++)
                {
                    all[2] = x.Position(j);
                    double distance = cut.Distance(all[(3 - d)..]);
                    shares[at] = _shape.IndicatorWidth > 0
                        ? (float)(1 / (1 + Math.Exp(-distance / _shape.IndicatorWidth)))
                        : distance >= 0 ? 1 : 0;
                }
            }
        }

        float* second = result + (_shape.Channels * plane);
        fixed (float* share = shares)
        {
            for (int c = 0; c < _shape.Channels; c++)
            {
                for (int i = 0; i < plane; i += 8)
                {
                    var a = Vector256.Load(result + (c * plane) + i);
                    var b = Vector256.Load(second + (c * plane) + i);
                    (a + (Vector256.Load(share + i) * (b - a))).Store(result + (c * plane) + i);
                }
            }
        }
    }

    private void Write(Axis z, Axis y, Axis x, float* result, int plane, float* values)
    {
        int channels = _shape.Channels;
        for (int k = 0; k < z.Count; k++)
        {
            for (int i = 0; i < y.Count; i++)
            {
                float* from = result + (((k * y.Count) + i) * x.Padded);
                float* to = values + ((((((long)(z.First + k) * y.Samples.Count) + y.First + i) * x.Samples.Count) + x.First) * channels);
                if (channels == 3)
                    WriteColor(from, plane, x.Count, to);
                else
                    WriteAny(from, plane, x.Count, channels, to);
            }
        }
    }

    private void WriteColor(float* from, int plane, int count, float* to)
    {
        float l0 = _level[0], l1 = _level[1], l2 = _level[2];
        float a = _inverse[0], b = _inverse[3], c = _inverse[6], d = _inverse[7];
        for (int j = 0; j < count; j++, to += 3)
        {
            float light = a * from[j], first = b * from[plane + j], second = from[(2 * plane) + j];
            to[0] = l0 + light + first + (c * second);
            to[1] = l1 + light + (d * second);
            to[2] = l2 + light - first + (c * second);
        }
    }

    private void WriteAny(float* from, int plane, int count, int channels, float* to)
    {
        for (int j = 0; j < count; j++)
        {
            for (int c = 0; c < channels; c++, to++)
            {
                float v = _level[c];
                for (int k = 0; k < channels; k++)
                    v += _inverse[(k * channels) + c] * from[(k * plane) + j];
                *to = v;
            }
        }
    }

    private sealed class Buffers
    {
        public float[] Result { get; private set; } = [];

        public float[] Rows { get; private set; } = [];

        public float[] Slice { get; private set; } = [];

        public float[] Shares { get; private set; } = [];

        public void Require(int result, int rows, int slice, int shares)
        {
            if (Result.Length < result)
                Result = new float[result];
            if (Rows.Length < rows)
                Rows = new float[rows];
            if (Slice.Length < slice)
                Slice = new float[slice];
            if (Shares.Length < shares)
                Shares = new float[shares];
        }
    }
}
