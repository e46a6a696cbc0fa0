using System.Buffers;
using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Evaluates the expansion at arbitrary points: one look-up finds the leaf, one side test the region, one short sum the value.</summary>
/// <remarks>
/// Points are sorted by region first. Where enough of them share one, they are summed 16 at a time, else one by one; both
/// kernels give the same bits, so that a value does not depend on the points it is asked with. Points outside [-1,1]^d
/// continue the cosines of the nearest box, without a jump.
/// </remarks>
internal sealed unsafe class PointEvaluator
{
    private const int PointsPerTask = 2048;

    // Scratch memory is bounded by this many points, whatever the call.
    private const int PointsAtOnce = 1 << 17;

    // Fewer points of a region than this are faster one by one than as half empty vectors.
    private const int FewestLanes = 4;

    // Sorting looks at every region: it pays where a region has some of the points.
    private const int RegionsPerPoint = 8;

    private readonly DenseRegions _regions;
    private readonly PointPlaces _places;
    private readonly int _dimension;
    private readonly int _channels;
    private readonly float[] _inverse;

    // The highest frequency of any region on each axis, in whole vectors.
    private readonly int[] _extents = [8, 8, 8];

    // Whether a region is the first of two that blend softly; null where all cuts are hard.
    private readonly bool[]? _blends;

    /// <param name="regions">The expansion.</param>
    public PointEvaluator(DenseRegions regions)
    {
        _regions = regions;
        _places = new PointPlaces(regions);
        var shape = regions.Structure.Shape;
        _dimension = shape.Grid.Length;
        _channels = shape.Channels;
        _inverse = ColorRotation.Inverse(_channels);
        foreach (var region in regions.Regions)
        {
            for (int a = 0; a < 3; a++)
                _extents[a] = Math.Max(_extents[a], (region.Extent(a) + 7) / 8 * 8);
        }

        if (shape.IndicatorWidth > 0)
        {
            _blends = new bool[regions.Regions.Length];
            foreach (var leaf in regions.Leaves)
                _blends[leaf.FirstRegion] = leaf.Cut is not null;
        }
    }

    /// <summary>Evaluates points.</summary>
    /// <param name="coordinates">Shape [N,d], float32 on the CPU.</param>
    /// <returns>Shape [N,c].</returns>
    public Tensor Evaluate(Tensor coordinates)
    {
        using var scope = NewDisposeScope();
        var points = coordinates.contiguous();
        long count = points.shape[0];
        var result = empty([count, _channels], ScalarType.Float32, CPU);
        for (long start = 0; start < count; start += PointsAtOnce)
        {
            int length = (int)Math.Min(PointsAtOnce, count - start);
            using var from = points.narrow(0, start, length);
            using var to = result.narrow(0, start, length);
            fixed (byte* x = from.bytes, y = to.bytes)
                Evaluate((nint)x, length, (nint)y);
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <summary>The derivatives of every value in every coordinate.</summary>
    /// <param name="coordinates">Shape [N,d], float32 on the CPU.</param>
    /// <returns>Shape [N,c,d].</returns>
    public Tensor Jacobian(Tensor coordinates)
    {
        using var scope = NewDisposeScope();
        var points = coordinates.contiguous();
        int count = (int)points.shape[0];
        var result = empty([count, _channels, _dimension], ScalarType.Float32, CPU);
        if (count > 0)
        {
            var slopes = new PointSlopes(_regions, _places);
            fixed (byte* from = points.bytes, to = result.bytes)
            {
                nint x = (nint)from, y = (nint)to;
                int[]? leaves = _places.Search(new ReadOnlySpan<float>(from, count * _dimension));
                InTasks(count, (first, end) => slopes.Run((float*)x, leaves, first, end, (float*)y));
            }
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <summary>The region of each point.</summary>
    /// <param name="coordinates">[N·d], in [-1,1].</param>
    public long[] Regions(float[] coordinates)
    {
        var regions = new long[coordinates.Length / _dimension];
        int[]? leaves = _places.Search(coordinates);
        Span<double> position = stackalloc double[_dimension];
        fixed (float* points = coordinates)
        {
            for (int i = 0; i < regions.Length; i++)
            {
                ref readonly var leaf = ref _places.Find(points + (i * (long)_dimension), leaves, i, position);
                regions[i] = leaf.FirstRegion + (leaf.Cut >= 0 && _places.Cut(leaf).Distance(position) >= 0 ? 1 : 0);
            }
        }

        return regions;
    }

    private void Evaluate(nint coordinates, int count, nint values)
    {
        int[]? leaves = _places.Search(new ReadOnlySpan<float>((float*)coordinates, count * _dimension));
        var batch = new Batch(count, _dimension, _blends is not null);
        if (_dimension == 2 && leaves is null && _blends is null)
            InTasks(count, (from, to) => PlaceInThePlane((float*)coordinates, from, to, batch));
        else
            InTasks(count, (from, to) => Place((float*)coordinates, leaves, from, to, batch));
        Sort(batch, count);
        InTasks(count, (from, to) => Sum(batch, from, to, (float*)values));
        batch.Return();
    }

    private static void InTasks(int count, Action<int, int> run)
    {
        if (count <= PointsPerTask)
            run(0, count);
        else
            Parallel.For(0, (count + PointsPerTask - 1) / PointsPerTask, t => run(t * PointsPerTask, Math.Min(count, (t + 1) * PointsPerTask)));
    }

    // The same for hard cuts in the plane, where a photograph's points spend a third of their time.
    private void PlaceInThePlane(float* coordinates, int from, int to, Batch batch)
    {
        Span<double> position = stackalloc double[2];
        fixed (int* regions = batch.Regions)
        fixed (float* positions = batch.Positions)
        {
            for (int i = from; i < to; i++)
            {
                ref readonly var leaf = ref _places.FindInThePlane(coordinates[2 * i], coordinates[(2 * i) + 1], out double p, out double q);
                int region = leaf.FirstRegion;
                if (leaf.Cut >= 0)
                {
                    (position[0], position[1]) = (p, q);
                    if (_places.Cut(leaf).Distance(position) >= 0)
                        region++;
                }

                regions[i] = region;
                positions[2 * i] = leaf.Unit(p, 0);
                positions[(2 * i) + 1] = leaf.Unit(q, 1);
            }
        }
    }

    // The region of each point and its place in the box.
    private void Place(float* coordinates, int[]? leaves, int from, int to, Batch batch)
    {
        int d = _dimension;
        double width = _regions.Structure.Shape.IndicatorWidth;
        int[] regions = batch.Regions;
        float[] positions = batch.Positions;
        Span<double> position = stackalloc double[d];
        for (int i = from; i < to; i++)
        {
            ref readonly var leaf = ref _places.Find(coordinates + (i * (long)d), leaves, i, position);
            int region = leaf.FirstRegion;
            double share = 0;
            if (leaf.Cut >= 0)
            {
                double distance = _places.Cut(leaf).Distance(position);
                if (width > 0)
                    share = 1 / (1 + Math.Exp(-distance / width));
                else if (distance >= 0)
                    region++;
            }

            regions[i] = region;
            for (int a = 0; a < d; a++)
                positions[(i * d) + a] = leaf.Unit(position[a], a);
            if (batch.Shares.Length > 0)
                batch.Shares[i] = (float)share;
        }
    }

    // Counting sort: the points of a region one after another, in their order, with what the kernels read of them.
    private void Sort(Batch batch, int count)
    {
        int regions = _regions.Regions.Length;
        bool isSorted = (long)count * RegionsPerPoint >= regions;
        int[] next = ArrayPool<int>.Shared.Rent(isSorted ? regions + 1 : 1);
        if (isSorted)
        {
            next.AsSpan(0, regions + 1).Clear();
            for (int i = 0; i < count; i++)
                next[batch.Regions[i] + 1]++;
            for (int r = 0; r < regions; r++)
                next[r + 1] += next[r];
        }

        fixed (int* order = batch.Order, region = batch.Regions, to = next)
        fixed (float* position = batch.Positions, sorted = batch.Sorted)
        {
            for (int i = 0; i < count; i++)
            {
                int at = isSorted ? to[region[i]]++ : i;
                order[at] = i;
                for (int a = 0; a < _dimension; a++)
                    sorted[(a * batch.Stride) + at] = position[(i * _dimension) + a];
            }
        }

        ArrayPool<int>.Shared.Return(next);
    }

    private void Sum(Batch batch, int from, int to, float* values)
    {
        float[] rented = ArrayPool<float>.Shared.Rent((_extents.Sum() + (2 * _channels)) * PointKernels.Lanes);
        fixed (float* scratch = rented, dense = _regions.Values, positions = batch.Sorted)
        fixed (int* order = batch.Order, regions = batch.Regions)
        {
            // Boxes of fewer than 3 axes have leading ones of a single sample, whose one cosine is 1.
            new Span<float>(scratch, (_extents[0] + _extents[1]) * PointKernels.Lanes).Fill(1);
            for (int at = from; at < to;)
            {
                int region = regions[order[at]], end = at + 1;
                while (end < to && regions[order[end]] == region)
                    end++;
                for (; end - at >= FewestLanes; at += PointKernels.Lanes)
                    SumLanes(batch, region, order + at, Math.Min(PointKernels.Lanes, end - at), positions + at, dense, scratch, values);
                for (; at < end; at++)
                    SumOne(batch, region, order[at], positions + at, dense, scratch, values);
                at = end;
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    // Both kernels use the same places, so that neither writes over the ones of a missing axis.
    private void Split(float* scratch, out float* w0, out float* w1, out float* w2, out float* sum, out float* other)
    {
        w0 = scratch;
        w1 = w0 + (_extents[0] * PointKernels.Lanes);
        w2 = w1 + (_extents[1] * PointKernels.Lanes);
        sum = w2 + (_extents[2] * PointKernels.Lanes);
        other = sum + (_channels * PointKernels.Lanes);
    }

    private void SumOne(Batch batch, int number, int point, float* position, float* dense, float* scratch, float* values)
    {
        ref readonly var region = ref _regions.Regions[number];
        bool blends = _blends is not null && _blends[number];
        Split(scratch, out float* w0, out float* w1, out float* w2, out float* sum, out float* other);
        for (int a = 0; a < _dimension; a++)
        {
            int axis = 3 - _dimension + a;
            float* w = axis == 0 ? w0 : axis == 1 ? w1 : w2;
            int extent = region.Extent(axis);
            if (blends)
                extent = Math.Max(extent, _regions.Regions[number + 1].Extent(axis));
            CosineWave.Fill(position[a * batch.Stride], Math.Max(extent, 8), ref *w);
        }

        PointKernels.Sum(region, dense, w0, w1, w2, _channels, sum);
        if (blends)
        {
            float share = batch.Shares[point];
            PointKernels.Sum(_regions.Regions[number + 1], dense, w0, w1, w2, _channels, other);
            for (int c = 0; c < _channels; c++)
                sum[c] += share * (other[c] - sum[c]);
        }

        float* value = values + ((long)point * _channels);
        for (int c = 0; c < _channels; c++)
        {
            float v = _regions.Level[c];
            for (int k = 0; k < _channels; k++)
                v += _inverse[(c * _channels) + k] * sum[k];
            value[c] = v;
        }
    }

    private void SumLanes(Batch batch, int number, int* points, int count, float* positions, float* dense, float* scratch, float* values)
    {
        const int Lanes = PointKernels.Lanes;
        ref readonly var region = ref _regions.Regions[number];
        bool blends = _blends is not null && _blends[number];
        Split(scratch, out float* w0, out float* w1, out float* w2, out float* sum, out float* other);
        for (int a = 0; a < _dimension; a++)
        {
            int axis = 3 - _dimension + a;
            float* w = axis == 0 ? w0 : axis == 1 ? w1 : w2;
            int extent = region.Extent(axis);
            if (blends)
                extent = Math.Max(extent, _regions.Regions[number + 1].Extent(axis));
            // Lanes without a point hold the next ones, whose sums nobody reads.
            var t = Vector512.Load(positions + (a * batch.Stride));
            // The kernel takes the last axis by fours: the rest meets coefficients of 0, but must be numbers.
            CosineWave.FillLanes(t, axis == 2 ? (extent + 3) / 4 * 4 : extent, ref *w);
        }

        PointKernels.SumLanes(region, dense, w0, w1, w2, _channels, sum);
        if (blends)
        {
            PointKernels.SumLanes(_regions.Regions[number + 1], dense, w0, w1, w2, _channels, other);
            float* shares = stackalloc float[Lanes];
            for (int l = 0; l < count; l++)
                shares[l] = batch.Shares[points[l]];
            var share = Vector512.Load(shares);
            for (int c = 0; c < _channels; c++)
            {
                var first = Vector512.Load(sum + (c * Lanes));
                (first + (share * (Vector512.Load(other + (c * Lanes)) - first))).Store(sum + (c * Lanes));
            }
        }

        for (int c = 0; c < _channels; c++)
        {
            var v = Vector512.Create(_regions.Level[c]);
            for (int k = 0; k < _channels; k++)
                v += Vector512.Create(_inverse[(c * _channels) + k]) * Vector512.Load(sum + (k * Lanes));
            v.Store(other + (c * Lanes));
        }

        for (int l = 0; l < count; l++)
        {
            float* value = values + ((long)points[l] * _channels);
            for (int c = 0; c < _channels; c++)
                value[c] = other[(c * Lanes) + l];
        }
    }

    // What is known of the points of one call, in rented arrays.
    private readonly struct Batch
    {
        public Batch(int count, int dimension, bool blends)
        {
            // The last vector of an axis may reach beyond the last point.
            Stride = count + PointKernels.Lanes;
            Regions = ArrayPool<int>.Shared.Rent(count);
            Order = ArrayPool<int>.Shared.Rent(count);
            Positions = ArrayPool<float>.Shared.Rent(count * dimension);
            Sorted = ArrayPool<float>.Shared.Rent(Stride * dimension);
            Shares = blends ? ArrayPool<float>.Shared.Rent(count) : [];
        }

        public int Stride { get; }

        /// <summary>The region of each point.</summary>
        public int[] Regions { get; }

        /// <summary>The points, region after region.</summary>
        public int[] Order { get; }

        /// <summary>Positions in the box, t ∈ [0,1], at [point·d + axis].</summary>
        public float[] Positions { get; }

        /// <summary>The same in the order of the regions, at [axis·stride + place].</summary>
        public float[] Sorted { get; }

        /// <summary>The share of the second of two regions that blend; empty where all cuts are hard.</summary>
        public float[] Shares { get; }

        public void Return()
        {
            ArrayPool<int>.Shared.Return(Regions);
            ArrayPool<int>.Shared.Return(Order);
            ArrayPool<float>.Shared.Return(Positions);
            ArrayPool<float>.Shared.Return(Sorted);
            if (Shares.Length > 0)
                ArrayPool<float>.Shared.Return(Shares);
        }
    }
}
