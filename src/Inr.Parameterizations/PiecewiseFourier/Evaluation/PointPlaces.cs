using System.Numerics;
using System.Runtime.CompilerServices;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Point location in an expansion: the leaf of a point by one look-up, the region by the side of its cut.</summary>
/// <remarks>Points outside [-1,1]^d belong to the nearest box.</remarks>
internal sealed unsafe class PointPlaces
{
    private readonly PiecewiseShape _shape;
    private readonly PiecewiseStructure _structure;
    private readonly CutSurface[] _cuts;

    // Side by side, so that a leaf costs one line of cache.
    private readonly Leaf[] _leaves;

    private readonly int[] _cells;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _cellColumns;

    // The side of the smallest boxes is a power of two as a rule: a shift where it is, a division where it is not.
    private readonly int _shift;

    public PointPlaces(DenseRegions regions)
    {
        _structure = regions.Structure;
        _shape = _structure.Shape;
        _shift = BitOperations.IsPow2(_shape.MinSide) ? BitOperations.Log2((uint)_shape.MinSide) : -1;
        _cells = _structure.LeafOfCell;
        if (_shape.Grid.Length == 2)
            (_rows, _columns) = (_shape.Grid[0], _shape.Grid[1]);
        _cellColumns = (_columns + _shape.MinSide - 1) / _shape.MinSide;
        var cuts = new List<CutSurface>();
        _leaves = new Leaf[regions.Leaves.Length];
        for (int i = 0; i < _leaves.Length; i++)
        {
            var leaf = regions.Leaves[i];
            _leaves[i] = new Leaf(leaf.FirstRegion, leaf.Cut is null ? -1 : cuts.Count, leaf.Start.AsSpan(3 - _shape.Grid.Length), leaf.Size.AsSpan(3 - _shape.Grid.Length));
            if (leaf.Cut is { } cut)
                cuts.Add(cut);
        }

        _cuts = [.. cuts];
    }

    /// <summary>The cut of a leaf that has one.</summary>
    public ref readonly CutSurface Cut(in Leaf leaf) => ref _cuts[leaf.Cut];

    /// <summary>The leaf of each point of [N·d] coordinates, where no look-up finds it; else null.</summary>
    public int[]? Search(ReadOnlySpan<float> coordinates) => _structure.Locate?.Invoke(coordinates.ToArray());

    /// <summary>The leaf of a point.</summary>
    /// <param name="coordinates">Its d coordinates.</param>
    /// <param name="leaves">What <see cref="Search"/> gave.</param>
    /// <param name="point">The number of the point in it.</param>
    /// <param name="position">Receives its position in the box of the leaf, in samples.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly Leaf Find(float* coordinates, int[]? leaves, int point, Span<double> position)
    {
        int number = 0;
        for (int a = 0; a < position.Length; a++)
        {
            int samples = _shape.Grid[a];
            // In single, then in double precision: a sample's side of a boundary hangs on it.
            double p = (coordinates[a] + 1) * 0.5 * samples;
            position[a] = p;
            int at = Math.Max(0, Math.Min(Truncate(p), samples - 1));
            number = leaves is null ? (number * _structure.CellCounts[a]) + (_shift >= 0 ? at >> _shift : at / _shape.MinSide) : 0;
        }

        ref readonly var leaf = ref _leaves[leaves is null ? _cells[number] : leaves[point]];
        for (int a = 0; a < position.Length; a++)
            position[a] -= leaf.Start[a];
        return ref leaf;
    }

    /// <summary>The leaf of a point of the plane: the same for the most frequent signals, without a loop.</summary>
    /// <param name="first">Its first coordinate.</param>
    /// <param name="second">Its second coordinate.</param>
    /// <param name="p">Receives its position in the box on the first axis, in samples.</param>
    /// <param name="q">Receives its position on the second axis.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly Leaf FindInThePlane(float first, float second, out double p, out double q)
    {
        p = (first + 1) * 0.5 * _rows;
        q = (second + 1) * 0.5 * _columns;
        int row = Math.Max(0, Math.Min(Truncate(p), _rows - 1)), column = Math.Max(0, Math.Min(Truncate(q), _columns - 1));
        int cell = _shift >= 0
            ? ((row >> _shift) * _cellColumns) + (column >> _shift)
            : (row / _shape.MinSide * _cellColumns) + (column / _shape.MinSide);
        ref readonly var leaf = ref _leaves[_cells[cell]];
        p -= leaf.Start[0];
        q -= leaf.Start[1];
        return ref leaf;
    }

    // Rounding towards zero and rounding down agree where it counts: at negative positions both clamp to 0.
    private static int Truncate(double position) =>
#if NET9_0_OR_GREATER
        double.ConvertToIntegerNative<int>(position);
#else
        (int)position;
#endif

    /// <summary>A leaf: only the d axes of the grid count.</summary>
    internal struct Leaf
    {
        public readonly int FirstRegion;
        public readonly int Cut;
        public fixed int Start[3];
        public fixed int Size[3];

        // 1/size where that is exact, else 0.
        private fixed float _reciprocal[3];

        public Leaf(int firstRegion, int cut, ReadOnlySpan<int> start, ReadOnlySpan<int> size)
        {
            FirstRegion = firstRegion;
            Cut = cut;
            for (int a = 0; a < size.Length; a++)
            {
                Start[a] = start[a];
                Size[a] = size[a];
                _reciprocal[a] = BitOperations.IsPow2(size[a]) ? 1f / size[a] : 0;
            }
        }

        /// <summary>A position in units of the side of the box.</summary>
        public readonly float Unit(double position, int axis) =>
            (float)(_reciprocal[axis] != 0 ? position * _reciprocal[axis] : position / Size[axis]);
    }
}
