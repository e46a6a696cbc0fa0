namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Samples at arbitrary places, sorted into the smallest boxes of a lattice.</summary>
internal sealed class ScatteredSamples
{
    private readonly BoxLattice _lattice;
    private readonly int[] _firstOfCell;
    private readonly int[] _sorted;

    /// <param name="lattice">The boxes; its domain is measured in virtual samples.</param>
    /// <param name="positions">For each axis, the positions of the samples in virtual samples.</param>
    /// <param name="planes">For each channel, their values.</param>
    public ScatteredSamples(BoxLattice lattice, double[][] positions, float[][] planes)
    {
        _lattice = lattice;
        Positions = positions;
        Planes = planes;
        int count = planes[0].Length, d = positions.Length;
        var finest = lattice.Classes[0];
        var cell = new int[count];
        _firstOfCell = new int[finest.Count + 1];
        Span<int> position = stackalloc int[d];
        for (int i = 0; i < count; i++)
        {
            for (int a = 0; a < d; a++)
                position[a] = Math.Clamp((int)Math.Floor(positions[a][i]), 0, lattice.Domain[a] - 1) / finest.Sides[a];
            cell[i] = finest.Index(position);
            _firstOfCell[cell[i] + 1]++;
        }

        for (int c = 0; c < finest.Count; c++)
            _firstOfCell[c + 1] += _firstOfCell[c];
        var next = (int[])_firstOfCell.Clone();
        _sorted = new int[count];
        for (int i = 0; i < count; i++)
            _sorted[next[cell[i]]++] = i;
    }

    public double[][] Positions { get; }

    public float[][] Planes { get; }

    /// <summary>The samples inside a box.</summary>
    public int[] Inside(ReadOnlySpan<int> start, ReadOnlySpan<int> shape)
    {
        var finest = _lattice.Classes[0];
        int d = start.Length;
        var result = new List<int>();
        Span<int> low = stackalloc int[d], high = stackalloc int[d], at = stackalloc int[d];
        for (int a = 0; a < d; a++)
        {
            low[a] = start[a] / finest.Sides[a];
            high[a] = (start[a] + shape[a] - 1) / finest.Sides[a];
        }

        low.CopyTo(at);
        while (true)
        {
            int cell = finest.Index(at);
            result.AddRange(_sorted.AsSpan(_firstOfCell[cell], _firstOfCell[cell + 1] - _firstOfCell[cell]));
            int axis = d - 1;
            while (axis >= 0 && at[axis] == high[axis])
            {
                at[axis] = low[axis];
                axis--;
            }

            if (axis < 0)
                return [.. result];
            at[axis]++;
        }
    }
}
