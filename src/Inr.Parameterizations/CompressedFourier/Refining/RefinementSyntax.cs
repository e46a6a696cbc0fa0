namespace Inr.Parameterizations.CompressedFourier;

/// <summary>A layer of refinements as bits, in both directions: levels of half the step, box after box, in the boxes of the picture.</summary>
/// <typeparam name="TCoder">Writes bits or reads them.</typeparam>
internal sealed class RefinementSyntax<TCoder>
    where TCoder : struct, IBitCoder
{
    private readonly ParsedPicture _picture;
    private readonly int[][] _levels;

    /// <param name="picture">The picture, whose layers grow.</param>
    public RefinementSyntax(ParsedPicture picture)
    {
        _picture = picture;
        Model = new RefinementModel(picture.Header.Rules, picture.Header.Channels);
        _levels = [.. Enumerable.Range(0, picture.Header.Channels).Select(_ => new int[1 << 12])];
    }

    /// <summary>The live contexts.</summary>
    public RefinementModel Model { get; }

    /// <summary>Codes the next layer.</summary>
    /// <param name="coder">Where the bits go, or come from.</param>
    /// <param name="chooser">Chooses what is written; null where it is read.</param>
    public void Run(ref TCoder coder, IRefinementChooser? chooser)
    {
        var known = new LayerCursor(_picture);
        var layer = new ParsedLayer();
        var boxes = _picture.Boxes;
        foreach (var (place, _, _) in boxes)
        {
            var table = BoxTable.For(place.LogWidth, place.LogHeight);
            for (int channel = 0; channel < _levels.Length; channel++)
            {
                if (coder.IsDrained)
                    break;
                Model.Begin(table, channel);
                int baseClass = known.Next(Model, table);
                int[] levels = _levels[channel];
                int index = chooser?.Choose(place, channel, baseClass, levels) ?? 0;
                index = CodeCount(ref coder, index, baseClass, table);
                int end = Math.Min(BoxTable.ClassEnd(index), table.Area);
                if (chooser is null)
                    Array.Clear(levels, 0, table.Area);
                for (int i = end - 1; i >= 0; i--)
                {
                    int at = table.Order[i];
                    levels[at] = CodeLevel(ref coder, at, levels[at]);
                    if (levels[at] != 0)
                        Model.Put(at, levels[at]);
                }

                layer.Add(table, end, levels);
            }
        }

        _picture.Layers.Add(layer);
    }

    private int CodeCount(ref TCoder coder, int index, int baseClass, BoxTable table)
    {
        for (int i = 0; i < table.ClassCount - 1; i++)
        {
            int bit = coder.Code(index > i ? 1 : 0, Model.PredictCount(i, baseClass));
            Model.LearnCount(bit);
            if (bit == 0)
                return i;
        }

        return table.ClassCount - 1;
    }

    private int CodeLevel(ref TCoder coder, int place, int level)
    {
        Model.Locate(place);
        int size = Math.Abs(level), magnitude = 0;
        for (; magnitude < RefinementModel.Most; magnitude++)
        {
            int bit = coder.Code(size > magnitude ? 1 : 0, Model.Predict(magnitude));
            Model.Learn(bit);
            if (bit == 0)
                break;
        }

        if (magnitude == 0)
            return 0;
        int outwards = Model.Outwards(place);
        int away = coder.Code(Math.Sign(level) == outwards ? 1 : 0, Model.PredictSign());
        Model.LearnSign(away);
        return away == 1 ? outwards * magnitude : -outwards * magnitude;
    }
}
