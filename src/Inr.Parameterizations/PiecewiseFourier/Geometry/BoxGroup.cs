namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Boxes of one class that have one clipped shape: a block of positions, or some of them.</summary>
internal sealed class BoxGroup
{
    private readonly int[] _first;
    private readonly int[] _counts;
    private readonly int[]? _some;

    /// <param name="boxClass">Their class.</param>
    /// <param name="shape">Their clipped shape.</param>
    /// <param name="first">The first position on each axis.</param>
    /// <param name="counts">How many positions on each axis.</param>
    /// <param name="some">The numbers of those that take part, or null for all.</param>
    public BoxGroup(BoxClass boxClass, int[] shape, int[] first, int[] counts, int[]? some = null)
    {
        Class = boxClass;
        Shape = shape;
        _first = first;
        _counts = counts;
        _some = some;
        Count = some?.Length ?? counts.Aggregate(1, (p, n) => p * n);
        Size = shape.Aggregate(1, (p, n) => p * n);
    }

    public BoxClass Class { get; }

    public int[] Shape { get; }

    /// <summary>The samples of a box.</summary>
    public int Size { get; }

    /// <summary>How many boxes.</summary>
    public int Count { get; }

    /// <summary>The number within its class of a box of the group.</summary>
    public int this[int index]
    {
        get
        {
            if (_some is not null)
                return _some[index];
            int box = 0, below = 1;
            for (int a = _counts.Length - 1; a >= 0; a--)
            {
                box += (_first[a] + (index % _counts[a])) * below;
                index /= _counts[a];
                below *= Class.Counts[a];
            }

            return box;
        }
    }

    /// <summary>The boxes of the group that fulfil a condition.</summary>
    /// <param name="includes">Told the number of a box in the lattice.</param>
    public BoxGroup Where(Func<int, bool> includes)
    {
        var some = new List<int>();
        for (int i = 0; i < Count; i++)
        {
            int box = this[i];
            if (includes(Class.Offset + box))
                some.Add(box);
        }

        return new BoxGroup(Class, Shape, _first, _counts, [.. some]);
    }

    /// <summary>Some boxes of the group, by their number in the class; one may occur twice.</summary>
    public BoxGroup Only(int[] boxes) => new(Class, Shape, _first, _counts, boxes);

    /// <summary>The group in runs of at most so many boxes.</summary>
    public IEnumerable<BoxTile> Tiles(int width)
    {
        for (int first = 0; first < Count; first += width)
            yield return new BoxTile(this, first, Math.Min(width, Count - first));
    }
}
