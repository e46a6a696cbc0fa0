using System.Runtime.InteropServices;

namespace Inr.Parameterizations.CompressedFourier;

/// <summary>A layer of refinements: levels of half the step of the layer before it, for the boxes that are there.</summary>
internal sealed class ParsedLayer
{
    private readonly List<int> _counts = [];
    private readonly List<ushort> _places = [];
    private readonly List<int> _levels = [];

    /// <summary>How many levels of each box and channel are not 0; boxes that are missing at the end have none.</summary>
    public ReadOnlySpan<int> Counts => CollectionsMarshal.AsSpan(_counts);

    /// <summary>The places of the levels that are not 0.</summary>
    public ReadOnlySpan<ushort> Places => CollectionsMarshal.AsSpan(_places);

    /// <summary>Those levels.</summary>
    public ReadOnlySpan<int> Levels => CollectionsMarshal.AsSpan(_levels);

    /// <summary>Adds a channel of a box.</summary>
    /// <param name="table">The shape.</param>
    /// <param name="end">The end of the levels in their order.</param>
    /// <param name="levels">By place.</param>
    public void Add(BoxTable table, int end, int[] levels)
    {
        int before = _places.Count;
        for (int i = 0; i < end; i++)
        {
            int place = table.Order[i];
            if (levels[place] == 0)
                continue;
            _places.Add((ushort)place);
            _levels.Add(levels[place]);
        }

        _counts.Add(_places.Count - before);
    }
}
