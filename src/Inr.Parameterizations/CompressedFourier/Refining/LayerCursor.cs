namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Walks through the levels of all layers of a picture, box by box and channel by channel.</summary>
internal sealed class LayerCursor
{
    private readonly ParsedPicture _picture;
    private readonly int _layers;
    private readonly int[] _at;
    private readonly int[] _levels = new int[1 << 12];
    private int _part;

    public LayerCursor(ParsedPicture picture)
    {
        _picture = picture;
        _layers = picture.Layers.Count;
        _at = new int[_layers + 1];
    }

    /// <summary>The levels of the next channel in units of the last layer, into a model.</summary>
    /// <returns>The class of their count.</returns>
    public int Next(RefinementModel model, BoxTable table)
    {
        var levels = Next(table);
        int count = 0;
        for (int i = 0; i < table.Area; i++)
        {
            int place = table.Order[i];
            if (levels[place] == 0)
                continue;
            model.PutBase(place, levels[place]);
            count = i + 1;
        }

        return BoxTable.ClassOf(count);
    }

    /// <summary>The levels of the next channel in units of the last layer, by place; links are left out.</summary>
    public ReadOnlySpan<int> Next(BoxTable table)
    {
        var levels = _levels.AsSpan(0, table.Area);
        levels.Clear();
        Add(levels, 0, _picture.Counts[_part], _picture.Places, _picture.Levels);
        for (int i = 0; i < _layers; i++)
        {
            var layer = _picture.Layers[i];
            if (_part < layer.Counts.Length)
                Add(levels, i + 1, layer.Counts[_part], layer.Places, layer.Levels);
        }

        _part++;
        return levels;
    }

    private void Add(Span<int> levels, int layer, int count, ReadOnlySpan<ushort> places, ReadOnlySpan<int> values)
    {
        for (int i = _at[layer]; i < _at[layer] + count; i++)
            levels[places[i]] += values[i] << (_layers - layer);
        _at[layer] += count;
    }
}
