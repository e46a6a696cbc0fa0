using System.Numerics;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Point location in an expansion: the leaf of a point by one look-up, the region by the side of its cut.</summary>
/// <remarks>Points outside [-1,1]^d belong to the nearest box.</remarks>
internal sealed class PointPlaces
{
    private readonly PiecewiseShape _shape;
    private readonly PiecewiseStructure _structure;
    private readonly CutSurface[] _cuts;

    // Side by side, so that a leaf costs one line of cache.
    private readonly Leaf[] _leaves;

    // The side of the smallest boxes is a power of two as a rule: a shift where it is, a division where it is not.
    private readonly int _shift;

    public PointPlaces(DenseRegions regions)
    {
        _structure = regions.Structure;
        _shape = _structure.Shape;
        _shift = BitOperations.IsPow2(_shape.MinSide) ? BitOperations.Log2((uint)_shape.MinSide) : -1;
        var cuts = new List<CutSurface>();
        _leaves = new Leaf[regions.Leaves.Length];
        for (int i = 0; i < _leaves.Length; i++)
        {
            var leaf = regions.Leaves[i];
            int cut = -1;
            if (leaf.Cut is { } surface)
            {
                cut = cuts.Count;
                cuts.Add(surface);
            }

            _leaves[i] = new Leaf(leaf.FirstRegion, cut, leaf.Start[0], leaf.Start[1], leaf.Start[2], leaf.Size[0], leaf.Size[1], leaf.Size[2]);
        }

        _cuts = [.. cuts];
    }

    /// <summary>The cut of a leaf that has one.</summary>
    public ref readonly CutSurface Cut(in Leaf leaf) => ref _cuts[leaf.Cut];

    /// <summary>The leaf of each point of [N·d] coordinates, where no look-up finds it; else null.</summary>
    public int[]? Search(ReadOnlySpan<float> coordinates) => _structure.Locate?.Invoke(coordinates.ToArray());

    /// <summary>The leaf of a point.</summary>
    /// <param name="coordinates">Its coordinates.</param>
    /// <param name="leaves">What <see cref="Search"/> gave.</param>
    /// <param name="point">The number of the point in it.</param>
    /// <param name="position">Receives its position in the box of the leaf, in samples.</param>
    public ref readonly Leaf Find(ReadOnlySpan<float> coordinates, int[]? leaves, int point, Span<double> position)
    {
        int d = position.Length, cell = 0;
        for (int a = 0; a < d; a++)
        {
            int samples = _shape.Grid[a];
            double p = (coordinates[a] + 1) * 0.5 * samples;
            position[a] = p;
            if (leaves is not null)
                continue;
            int at = Math.Clamp((int)Math.Floor(p), 0, samples - 1);
            cell = (cell * _structure.CellCounts[a]) + (_shift >= 0 ? at >> _shift : at / _shape.MinSide);
        }

        ref readonly var leaf = ref _leaves[leaves is null ? _structure.LeafOfCell[cell] : leaves[point]];
        for (int a = 0; a < d; a++)
            position[a] -= leaf.Start(3 - d + a);
        return ref leaf;
    }

    /// <summary>A leaf in 3 axes; boxes of fewer have leading axes of size 1.</summary>
    internal readonly record struct Leaf(int FirstRegion, int Cut, int Start0, int Start1, int Start2, int Size0, int Size1, int Size2)
    {
        /// <summary>The first sample on one of the 3 axes.</summary>
        public int Start(int axis) => axis switch { 0 => Start0, 1 => Start1, _ => Start2 };

        /// <summary>Samples on one of the 3 axes.</summary>
        public int Size(int axis) => axis switch { 0 => Size0, 1 => Size1, _ => Size2 };
    }
}
