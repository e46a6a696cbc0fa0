namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>All dyadic boxes of one nominal size: an interval of level ℓ_a on each axis a, side <c>MinSide·2^ℓ_a</c>.</summary>
/// <remarks>Boxes are numbered in row-major order; those at the far edge of the domain are clipped to it.</remarks>
internal sealed class BoxClass
{
    private readonly int[] _domain;

    public BoxClass(int[] domain, int[] levels, int minSide, int offset)
    {
        _domain = domain;
        Levels = levels;
        Offset = offset;
        int d = domain.Length;
        Sides = new int[d];
        Counts = new int[d];
        Count = 1;
        for (int a = 0; a < d; a++)
        {
            Sides[a] = minSide << levels[a];
            Counts[a] = (domain[a] + Sides[a] - 1) / Sides[a];
            Count = checked(Count * Counts[a]);
        }
    }

    /// <summary>The level ℓ of each axis.</summary>
    public int[] Levels { get; }

    /// <summary>The side of each axis before clipping.</summary>
    public int[] Sides { get; }

    /// <summary>Boxes along each axis.</summary>
    public int[] Counts { get; }

    /// <summary>The number of boxes.</summary>
    public int Count { get; }

    /// <summary>The lattice-wide number of the first box.</summary>
    public int Offset { get; }

    /// <summary>The position of a box along each axis.</summary>
    public void Position(int box, Span<int> position)
    {
        for (int a = Counts.Length - 1; a >= 0; a--)
        {
            position[a] = box % Counts[a];
            box /= Counts[a];
        }
    }

    /// <summary>The number of a box within its class.</summary>
    public int Index(ReadOnlySpan<int> position)
    {
        int index = 0;
        for (int a = 0; a < Counts.Length; a++)
            index = (index * Counts[a]) + position[a];
        return index;
    }

    /// <summary>The first sample of a box and its side on one axis, clipped to the domain.</summary>
    public (int Start, int Side) Extent(int axis, int position)
    {
        int start = position * Sides[axis];
        return (start, Math.Min(Sides[axis], _domain[axis] - start));
    }

    /// <summary>The boxes grouped by their clipped shape: one interior group and at most 2^d − 1 at the edges.</summary>
    public IReadOnlyList<BoxGroup> GroupByShape()
    {
        int d = Counts.Length;
        // Only the last box of an axis can be clipped, so a group is a choice, on each axis, of the last box or of those before it.
        int[] whole = new int[d];
        for (int a = 0; a < d; a++)
            whole[a] = Extent(a, Counts[a] - 1).Side < Sides[a] ? Counts[a] - 1 : Counts[a];
        var groups = new List<BoxGroup>();
        for (int clipped = 0; clipped < 1 << d; clipped++)
        {
            int[] first = new int[d], counts = new int[d], shape = new int[d];
            int boxes = 1;
            for (int a = 0; a < d; a++)
            {
                bool last = (clipped >> a & 1) == 1;
                (first[a], counts[a]) = last ? (whole[a], Counts[a] - whole[a]) : (0, whole[a]);
                boxes *= counts[a];
                if (counts[a] > 0)
                    shape[a] = Extent(a, first[a]).Side;
            }

            if (boxes > 0)
                groups.Add(new BoxGroup(this, shape, first, counts));
        }

        return groups;
    }
}
