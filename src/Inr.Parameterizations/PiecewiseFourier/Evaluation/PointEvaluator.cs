using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Evaluates the expansion at arbitrary points: one look-up finds the leaf, one side test the region, one short sum the value.</summary>
/// <remarks>No allocation per point. Points outside [-1,1]^d continue the cosines of the nearest box, without a jump.</remarks>
internal sealed unsafe class PointEvaluator
{
    private const int PointsPerTask = 2048;

    private readonly DenseRegions _regions;
    private readonly PiecewiseShape _shape;
    private readonly float[] _level;
    private readonly float[] _inverse;
    private readonly int _longest;

    /// <param name="regions">The expansion.</param>
    /// <param name="level">The value of each channel where every coefficient is zero.</param>
    public PointEvaluator(DenseRegions regions, float[] level)
    {
        _regions = regions;
        _shape = regions.Structure.Shape;
        _level = level;
        _longest = regions.Leaves.Max(l => Math.Max(l.Size[0], Math.Max(l.Size[1], l.Size[2])));
        var m = ColorRotation.For(_shape.Channels);
        _inverse = new float[m.Length];
        for (int i = 0; i < _shape.Channels; i++)
        {
            for (int j = 0; j < _shape.Channels; j++)
                _inverse[(i * _shape.Channels) + j] = (float)m[(j * _shape.Channels) + i];
        }
    }

    /// <summary>Evaluates points.</summary>
    /// <param name="coordinates">[count, d], in [-1,1].</param>
    /// <param name="count">The number of points.</param>
    /// <param name="values">Receives [count, channels].</param>
    public void Run(float* coordinates, long count, float* values)
    {
        var input = (nint)coordinates;
        var output = (nint)values;
        int tasks = (int)((count + PointsPerTask - 1) / PointsPerTask);
        int[]? located = _regions.Structure.Locate?.Invoke(new ReadOnlySpan<float>(coordinates, checked((int)(count * _shape.Grid.Length))).ToArray());
        if (tasks <= 1)
        {
            RunRange(coordinates, 0, count, values, located);
            return;
        }

        Parallel.For(0, tasks, t =>
            RunRange((float*)input, (long)t * PointsPerTask, Math.Min(count, (long)(t + 1) * PointsPerTask), (float*)output, located));
    }

    /// <summary>The region of each point.</summary>
    /// <param name="coordinates">[count, d], in [-1,1].</param>
    public long[] Regions(float[] coordinates)
    {
        int d = _shape.Grid.Length;
        var regions = new long[coordinates.Length / d];
        Span<double> point = stackalloc double[d];
        for (int i = 0; i < regions.Length; i++)
        {
            int cell = 0;
            for (int a = 0; a < d; a++)
            {
                point[a] = (coordinates[(i * d) + a] + 1.0) * 0.5 * _shape.Grid[a];
                cell = (cell * _regions.Structure.CellCounts[a]) + (Math.Clamp((int)Math.Floor(point[a]), 0, _shape.Grid[a] - 1) / _shape.MinSide);
            }

            var leaf = _regions.Leaves[_regions.Structure.LeafOfCell[cell]];
            for (int a = 0; a < d; a++)
                point[a] -= leaf.Start[3 - d + a];
            regions[i] = leaf.FirstRegion + (leaf.Cut is { } cut && cut.Distance(point) >= 0 ? 1 : 0);
        }

        return regions;
    }

    [SkipLocalsInit]
    private void RunRange(float* coordinates, long from, long to, float* values, int[]? located)
    {
        int d = _shape.Grid.Length, channels = _shape.Channels, side = _shape.MinSide;
        int longest = _longest;
        int waveLength = (longest + 7) / 8 * 8;
        float* waves = stackalloc float[Math.Min(waveLength, MaxStackWave) * 3];
        float[]? heap = waveLength > MaxStackWave ? new float[waveLength * 3] : null;
        fixed (float* heapWaves = heap)
        fixed (float* dense = _regions.Values)
        {
            if (heap is not null)
                waves = heapWaves;
            float* sum = stackalloc float[channels];
            float* other = stackalloc float[channels];
            Span<double> point = stackalloc double[d];
            for (long i = from; i < to; i++)
            {
                int cell = 0;
                for (int a = 0; a < d; a++)
                {
                    double p = (coordinates[(i * d) + a] + 1) * 0.5 * _shape.Grid[a];
                    point[a] = p;
                    if (located is not null)
                        continue;
                    int at = Math.Clamp((int)Math.Floor(p), 0, _shape.Grid[a] - 1) / side;
                    cell = (cell * _regions.Structure.CellCounts[a]) + at;
                }

                var leaf = _regions.Leaves[located is null ? _regions.Structure.LeafOfCell[cell] : located[i]];
                for (int a = 0; a < d; a++)
                    point[a] -= leaf.Start[3 - d + a];
                Evaluate(leaf, point, dense, waves, waveLength, sum, other);
                float* value = values + (i * channels);
                for (int c = 0; c < channels; c++)
                {
                    float v = _level[c];
                    for (int k = 0; k < channels; k++)
                        v += _inverse[(c * channels) + k] * sum[k];
                    value[c] = v;
                }
            }
        }
    }

    private const int MaxStackWave = 512;

    private void Evaluate(DenseRegions.Leaf leaf, Span<double> point, float* dense, float* waves, int waveLength, float* sum, float* other)
    {
        int region = leaf.FirstRegion;
        double share = 0;
        if (leaf.Cut is { } cut)
        {
            double distance = cut.Distance(point);
            if (_shape.IndicatorWidth > 0)
                share = 1 / (1 + Math.Exp(-distance / _shape.IndicatorWidth));
            else if (distance >= 0)
                region++;
        }

        int d = point.Length;
        for (int a = 0; a < d; a++)
        {
            int axis = 3 - d + a;
            int extent = _shape.IndicatorWidth > 0 ? leaf.Size[axis] : Extent(_regions.Regions[region], axis);
            if (axis == 2)
                extent = Math.Max(extent, 8);
            CosineWave.Fill((float)(point[a] / leaf.Size[axis]), extent, ref waves[axis * waveLength]);
        }

        for (int axis = 0; axis < 3 - d; axis++)
            waves[axis * waveLength] = 1;
        Sum(_regions.Regions[region], dense, waves, waveLength, sum);
        if (share == 0)
            return;
        Sum(_regions.Regions[region + 1], dense, waves, waveLength, other);
        for (int c = 0; c < _shape.Channels; c++)
            sum[c] += (float)share * (other[c] - sum[c]);
    }

    private static int Extent(DenseRegions.Region region, int axis) => axis switch
    {
        0 => region.Extent0,
        1 => region.Extent1,
        _ => region.Extent2,
    };

    private void Sum(DenseRegions.Region region, float* dense, float* waves, int waveLength, float* sum)
    {
        int row = region.Row, length = region.ChannelLength;
        float* c = dense + region.Offset;
        float* w0 = waves, w1 = waves + waveLength, w2 = waves + (2 * waveLength);
        for (int channel = 0; channel < _shape.Channels; channel++, c += length)
        {
            var total = Vector256<float>.Zero;
            for (int k = 0; k < row; k += 8)
            {
                var part = Vector256<float>.Zero;
                float* r = c + k;
                for (int u0 = 0; u0 < region.Extent0; u0++)
                {
                    var plane = Vector256<float>.Zero;
                    for (int u1 = 0; u1 < region.Extent1; u1++, r += row)
                        plane += Vector256.Load(r) * Vector256.Create(w1[u1]);
                    part += plane * Vector256.Create(w0[u0]);
                }

                total += part * Vector256.Load(w2 + k);
            }

            sum[channel] = Vector256.Sum(total);
        }
    }
}
