namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Every dyadic box of a sampled domain that a leaf of the partition may be.</summary>
/// <remarks>
/// A tree starts at the boxes of the largest side and halves one axis at a time (a dyadic k-d tree), so that leaves may
/// be oblong: 8×32 along a straight edge costs one leaf where squares cost four. Works in 1 to 3 dimensions.
/// </remarks>
internal sealed class BoxLattice
{
    private readonly int[] _stride;

    /// <param name="domain">Samples on each axis.</param>
    /// <param name="minSide">The smallest side of a leaf.</param>
    /// <param name="maxSide">The largest side of a leaf: minSide times a power of two.</param>
    public BoxLattice(int[] domain, int minSide, int maxSide)
    {
        Domain = domain;
        MinSide = minSide;
        LevelCount = 1;
        for (int side = minSide; side < maxSide; side *= 2)
            LevelCount++;

        int d = domain.Length;
        _stride = new int[d];
        int count = 1;
        for (int a = d - 1; a >= 0; a--)
        {
            _stride[a] = count;
            count *= LevelCount;
        }

        Classes = new BoxClass[count];
        int offset = 0;
        for (int c = 0; c < count; c++)
        {
            var levels = new int[d];
            for (int a = 0; a < d; a++)
                levels[a] = c / _stride[a] % LevelCount;
            Classes[c] = new BoxClass(domain, levels, minSide, offset);
            offset = checked(offset + Classes[c].Count);
        }

        BoxCount = offset;
        BottomUp = [.. Enumerable.Range(0, count).OrderBy(c => Classes[c].Levels.Sum())];
    }

    /// <summary>Samples on each axis.</summary>
    public int[] Domain { get; }

    /// <summary>The smallest side of a box.</summary>
    public int MinSide { get; }

    /// <summary>The number of sides MinSide, 2·MinSide, … on each axis.</summary>
    public int LevelCount { get; }

    /// <summary>All classes; the last one holds the roots.</summary>
    public BoxClass[] Classes { get; }

    /// <summary>Class numbers such that the children of a box come before it.</summary>
    public int[] BottomUp { get; }

    /// <summary>The number of boxes of all classes.</summary>
    public int BoxCount { get; }

    /// <summary>The class whose boxes are the roots of the trees.</summary>
    public int RootClass => Classes.Length - 1;

    /// <summary>The number of trees.</summary>
    public int RootCount => Classes[RootClass].Count;

    /// <summary>The class one level lower on an axis.</summary>
    public int ChildClass(int boxClass, int axis) => boxClass - _stride[axis];

    /// <summary>The axis on which a clipped box is no longer than half its side, or −1: such a box is its own first half.</summary>
    public int DegenerateAxis(int boxClass, ReadOnlySpan<int> position)
    {
        var c = Classes[boxClass];
        for (int a = 0; a < position.Length; a++)
        {
            if (c.Levels[a] > 0 && c.Extent(a, position[a]).Side <= c.Sides[a] / 2)
                return a;
        }

        return -1;
    }

    /// <summary>The two halves of a box along an axis, as numbers within the child class.</summary>
    public (int First, int Second) Children(int boxClass, ReadOnlySpan<int> position, int axis)
    {
        var child = Classes[ChildClass(boxClass, axis)];
        Span<int> p = stackalloc int[position.Length];
        position.CopyTo(p);
        p[axis] = 2 * position[axis];
        int first = child.Index(p);
        p[axis]++;
        return (first, p[axis] < child.Counts[axis] ? child.Index(p) : -1);
    }
}
