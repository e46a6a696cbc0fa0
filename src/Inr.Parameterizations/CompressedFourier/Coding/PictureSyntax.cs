namespace Inr.Parameterizations.CompressedFourier;

/// <summary>The boxes of a picture as bits, in both directions.</summary>
/// <typeparam name="TCoder">Writes bits or reads them.</typeparam>
internal sealed class PictureSyntax<TCoder>
    where TCoder : struct, IBitCoder
{
    private const int Even = 1 << 15;
    private const int MostEscapeBits = 20;
    private const int MostLevel = 1 << 22;

    // Contexts of the tree, of modes and of counts.
    private const int SplitShape = 0;
    private const int SplitAround = SplitShape + (BoxRules.Shapes * 9);
    private const int AxisShape = SplitAround + (21 * 7);
    private const int AxisAround = AxisShape + BoxRules.Shapes;
    private const int ModeFlags = AxisAround + (16 * 9);
    private const int ModeFlagsAround = ModeFlags + (4 * 13);
    private const int ModeTree = ModeFlagsAround + (4 * 9);
    private const int Link = ModeTree + 64;
    private const int LinkContexts = 3 * 6;
    private const int Exact = Link + (2 * LinkContexts);
    private const int Counters = Exact + 13 + 3;

    private const int CountKinds = 3;
    private const int CountShape = 0;
    private const int CountAround = CountShape + (CountKinds * BoxRules.Shapes * BoxTable.CountClasses);
    private const int CountBefore = CountAround + (CountKinds * (BoxTable.CountClasses + 1) * BoxTable.CountClasses);
    private const int CountCounters = CountBefore + (CountKinds * (BoxTable.CountClasses + 1) * BoxTable.CountClasses);

    private readonly PictureHeader _header;
    private readonly IBoxChooser? _chooser;
    private readonly Action<CodedBox> _done;
    private readonly BoxNeighbor?[] _top;
    private readonly BoxNeighbor?[] _left;
    private readonly BitModel _tree = new(Counters, 10, 2);
    private readonly BitModel _counts = new(CountCounters, CountKinds * BoxTable.CountClasses, 3);
    private readonly CodedBox _box;
    private readonly ExactModel? _exact;
    private TCoder _coder;

    /// <param name="header">The header.</param>
    /// <param name="coder">Where the bits go, or come from.</param>
    /// <param name="chooser">Chooses what is written; null where it is read.</param>
    /// <param name="done">Told every box, in order; the object is used again.</param>
    public PictureSyntax(PictureHeader header, TCoder coder, IBoxChooser? chooser, Action<CodedBox> done)
    {
        _header = header;
        _coder = coder;
        _chooser = chooser;
        _done = done;
        _top = new BoxNeighbor?[header.Stride >> header.Rules.LogLeastWidth];
        _left = new BoxNeighbor?[header.PaddedHeight >> header.Rules.LogLeastHeight];
        _box = new CodedBox(header.Channels);
        Levels = new LevelModel(header.Rules, header.Channels);
        if (header.ExactBits > 0)
            _exact = new ExactModel(header.Width, header.Height, header.Channels, header.ExactBits);
    }

    /// <summary>The colors of exact boxes; null where there are none.</summary>
    public ExactPlane? Colors => _exact?.Plane;

    /// <summary>The live contexts of levels.</summary>
    public LevelModel Levels { get; }

    /// <summary>Codes all boxes.</summary>
    /// <param name="next">Called before every tree; may end the work by an exception.</param>
    /// <returns>The coder after the last bit.</returns>
    public TCoder Run(Action? next = null)
    {
        var rules = _header.Rules;
        for (int row = 0; row < _header.Rows; row++)
        {
            Array.Clear(_left);
            for (int column = 0; column < _header.Columns; column++)
            {
                next?.Invoke();
                Node(new BoxPlace(column << rules.LogRootWidth, row << rules.LogRootHeight, rules.LogRootWidth, rules.LogRootHeight));
            }
        }

        return _coder;
    }

    /// <summary>The bits of a class of counts, as they stand.</summary>
    public double CountBits(int channel, int index, int[] classesBefore, BoxPlace place, BoxTable table)
    {
        double bits = 0;
        for (int i = 0; i < table.ClassCount - 1 && i <= index; i++)
            bits += BitCost.Of(PredictCount(channel, i, classesBefore, place), i < index ? 1 : 0);
        return bits;
    }

    /// <summary>The bits of a mode, as they stand.</summary>
    public double ModeBits(int mode, BoxPlace place)
    {
        var (left, top) = Around(place);
        int first = left?.Mode ?? BoxPrediction.Planar, second = top?.Mode ?? BoxPrediction.Mean;
        double bits = 0;
        for (int i = 0; i < 4; i++)
        {
            int candidate = Candidate(i, first, second);
            if (Repeats(i, first, second))
                continue;
            int hit = mode == candidate ? 1 : 0;
            bits += BitCost.Of(PredictFlag(i, place, first, second), hit);
            if (hit == 1)
                return bits;
        }

        int node = 1;
        for (int i = 5; i >= 0; i--)
        {
            int bit = ((mode - BoxPrediction.FirstDirection) >> i) & 1;
            bits += BitCost.Of(_tree.Predict([ModeTree + node], 7, Expected(ModeTree + node)), bit);
            node = (2 * node) + bit;
        }

        return bits;
    }

    /// <summary>The boxes to the left and above.</summary>
    public (BoxNeighbor? Left, BoxNeighbor? Top) Around(BoxPlace place)
    {
        var rules = _header.Rules;
        return (place.X == 0 ? null : _left[(place.Y + (place.Height / 2)) >> rules.LogLeastHeight],
            place.Y == 0 ? null : _top[(place.X + (place.Width / 2)) >> rules.LogLeastWidth]);
    }

    private void Node(BoxPlace place)
    {
        // Boxes that hold no sample are not there.
        if (place.X >= _header.Width || place.Y >= _header.Height)
            return;
        bool sideways = _header.Rules.CanSplit(place, true), upright = _header.Rules.CanSplit(place, false);
        int split = _chooser?.Split(place) ?? 0;
        if (sideways || upright)
            split = CodeSplit(place, split, sideways, upright);
        if (split == 0)
        {
            Leaf(place);
            return;
        }

        Node(place.Half(split == 1, false));
        Node(place.Half(split == 1, true));
    }

    // 0 for a leaf, 1 for a left and a right half, 2 for an upper and a lower one.
    private int CodeSplit(BoxPlace place, int split, bool sideways, bool upright)
    {
        var (left, top) = Around(place);
        int shape = _header.Rules.Shape(place.LogWidth, place.LogHeight);
        int around = (3 * Compare(left?.Place.LogHeight, place.LogHeight)) + Compare(top?.Place.LogWidth, place.LogWidth);
        int area = place.LogWidth + place.LogHeight;
        int difference = ((left is null ? area : left.Place.LogWidth + left.Place.LogHeight) + (top is null ? area : top.Place.LogWidth + top.Place.LogHeight) - (2 * area)) / 2;
        int bit = Bit(_tree, [SplitShape + (shape * 9) + around, SplitAround + (area * 7) + Math.Clamp(difference + 4, 0, 6)], 0, split == 0 ? 0 : 1);
        if (bit == 0)
            return 0;
        if (!sideways || !upright)
            return sideways ? 1 : 2;
        int aspects = (3 * Aspect(left)) + Aspect(top);
        return 1 + Bit(_tree, [AxisShape + shape, AxisAround + (Math.Clamp(place.LogWidth - place.LogHeight + 4, 0, 15) * 9) + aspects], 1, split == 2 ? 1 : 0);
    }

    private void Leaf(BoxPlace place)
    {
        var box = _box;
        var (left, top) = Around(place);
        box.Place = place;
        _chooser?.Choose(box);
        if (_exact is not null && CodeExact(box, left, top))
        {
            Keep(new BoxNeighbor(place, BoxPrediction.Planar, box.Classes.ToArray()) { IsExact = true });
            return;
        }

        box.Mode = _header.Rules.Predicts ? CodeMode(box.Mode, place, left, top) : BoxPrediction.Mean;
        var neighbor = new BoxNeighbor(place, box.Mode, box.Classes.ToArray());
        var table = BoxTable.For(place.LogWidth, place.LogHeight);
        for (int channel = 0; channel < _header.Channels; channel++)
        {
            box.Links[channel] = channel > 0 && neighbor.Classes[0] > 0 ? CodeLink(channel, box.Links[channel], neighbor.Classes[0], left, top) : 0;
            neighbor.Links[channel] = box.Links[channel];
            box.Classes[channel] = neighbor.Classes[channel] = CodeCount(channel, box.Classes[channel], neighbor.Classes, place, table);
            CodeLevels(channel, box, table, left, top);
            Levels.Summarize(neighbor, Math.Min(BoxTable.ClassEnd(box.Classes[channel]), table.Area));
        }

        // A box that was cut, or is not there at all, continues those around it.
        if (_coder.IsDrained)
        {
            box.Mode = BoxPrediction.Mean;
            Array.Clear(box.Classes);
            Array.Clear(box.Links);
        }

        Keep(neighbor);
    }

    private void Keep(BoxNeighbor neighbor)
    {
        var rules = _header.Rules;
        var place = neighbor.Place;
        Array.Fill(_left, neighbor, place.Y >> rules.LogLeastHeight, Math.Max(1, place.Height >> rules.LogLeastHeight));
        Array.Fill(_top, neighbor, place.X >> rules.LogLeastWidth, place.Width >> rules.LogLeastWidth);
        _done(_box);
    }

    private bool CodeExact(CodedBox box, BoxNeighbor? left, BoxNeighbor? top)
    {
        int around = (left?.IsExact == true ? 1 : 0) + (top?.IsExact == true ? 1 : 0);
        box.IsExact = Bit(_tree, [Exact + 13 + around, Exact + box.Place.LogWidth + box.Place.LogHeight], 9, box.IsExact ? 1 : 0) == 1;
        if (!box.IsExact)
            return false;
        _exact!.Code(ref _coder, box.Place, _chooser?.Colors);
        box.Mode = BoxPrediction.Planar;
        Array.Clear(box.Classes);
        Array.Clear(box.Links);
        return true;
    }

    /// <summary>The bits of a link, as they stand.</summary>
    public double LinkBits(int channel, int link, int firstClass, BoxNeighbor? left, BoxNeighbor? top)
    {
        double bits = BitCost.Of(PredictLink(channel, firstClass, left, top), link == 0 ? 0 : 1);
        if (link == 0)
            return bits;
        int first = LinkFirst(channel), size = (link - 1) / 2;
        bits += BitCost.Of(_tree.Predict([first + 1], 8, Expected(first + 1)), (link - 1) % 2);
        for (int i = 0; i < ChannelLink.Sizes - 1; i++)
        {
            bits += BitCost.Of(_tree.Predict([first + 2 + i], 8, Expected(first + 2 + i)), size > i ? 1 : 0);
            if (size <= i)
                break;
        }

        return bits;
    }

    private int CodeLink(int channel, int link, int firstClass, BoxNeighbor? left, BoxNeighbor? top)
    {
        _probability = PredictLink(channel, firstClass, left, top);
        if (Finish(_tree, link == 0 ? 0 : 1) == 0)
            return 0;
        int first = LinkFirst(channel), wanted = (link - 1) / 2, size = 0;
        int sign = Bit(_tree, [first + 1], 8, (link - 1) % 2);
        while (size < ChannelLink.Sizes - 1 && Bit(_tree, [first + 2 + size], 8, wanted > size ? 1 : 0) == 1)
            size++;
        return (2 * size) + 1 + sign;
    }

    private int PredictLink(int channel, int firstClass, BoxNeighbor? left, BoxNeighbor? top)
    {
        int around = (left?.Links[channel] > 0 ? 1 : 0) + (top?.Links[channel] > 0 ? 1 : 0);
        return _tree.Predict([LinkFirst(channel) + 5 + around, Link + LinkContexts + Math.Min(firstClass / 3, 5) + (6 * Math.Min(channel, 2))], 8, Expected(LinkFirst(channel) + 5 + around));
    }

    private static int LinkFirst(int channel) => Link + (Math.Min(channel - 1, 1) * 9);

    private int CodeMode(int mode, BoxPlace place, BoxNeighbor? left, BoxNeighbor? top)
    {
        int first = left?.Mode ?? BoxPrediction.Planar, second = top?.Mode ?? BoxPrediction.Mean;
        for (int i = 0; i < 4; i++)
        {
            int candidate = Candidate(i, first, second);
            if (Repeats(i, first, second))
                continue;
            PredictFlag(i, place, first, second);
            if (Finish(_tree, mode == candidate ? 1 : 0) == 1)
                return candidate;
        }

        int node = 1;
        int direction = 0;
        for (int i = 5; i >= 0; i--)
        {
            int bit = Bit(_tree, [ModeTree + node], 7, ((mode - BoxPrediction.FirstDirection) >> i) & 1);
            node = (2 * node) + bit;
            direction = (2 * direction) + bit;
        }

        return direction < BoxPrediction.Modes - BoxPrediction.FirstDirection
            ? direction + BoxPrediction.FirstDirection
            : throw new FormatException("its coded bytes name a direction that there is none.");
    }

    private int PredictFlag(int i, BoxPlace place, int first, int second) => _probability = _tree.Predict(
        [ModeFlags + (i * 13) + place.LogWidth + place.LogHeight, ModeFlagsAround + (i * 9) + (3 * Kind(first)) + (first == second ? 2 : Kind(second) == 2 ? 1 : 0)], 2 + i, Expected(ModeFlags + (i * 13) + place.LogWidth + place.LogHeight));

    private static int Candidate(int i, int first, int second) => i switch { 0 => first, 1 => second, 2 => BoxPrediction.Planar, _ => BoxPrediction.Mean };

    private static bool Repeats(int i, int first, int second)
    {
        for (int j = 0; j < i; j++)
        {
            if (Candidate(j, first, second) == Candidate(i, first, second))
                return true;
        }

        return false;
    }

    private static int Kind(int mode) => Math.Min(mode, BoxPrediction.FirstDirection);

    private int CodeCount(int channel, int index, int[] classesBefore, BoxPlace place, BoxTable table)
    {
        for (int i = 0; i < table.ClassCount - 1; i++)
        {
            _probability = PredictCount(channel, i, classesBefore, place);
            if (Finish(_counts, index > i ? 1 : 0) == 0)
                return i;
        }

        return table.ClassCount - 1;
    }

    private int PredictCount(int channel, int i, int[] classesBefore, BoxPlace place)
    {
        var (left, top) = Around(place);
        int kind = Math.Min(channel, CountKinds - 1), area = place.LogWidth + place.LogHeight;
        int around = Relative(left, channel, area) + Relative(top, channel, area);
        around = left is null && top is null ? 0 : 1 + (left is null || top is null ? around : (around + 1) / 2);
        int before = channel == 0 ? 0 : classesBefore[channel - 1];
        int first = CountShape + (((kind * BoxRules.Shapes) + _header.Rules.Shape(place.LogWidth, place.LogHeight)) * BoxTable.CountClasses) + i;
        return _counts.Predict(
        [
            first,
            CountAround + (((kind * (BoxTable.CountClasses + 1)) + Math.Clamp(around, 0, BoxTable.CountClasses)) * BoxTable.CountClasses) + i,
            CountBefore + (((kind * (BoxTable.CountClasses + 1)) + before) * BoxTable.CountClasses) + i,
        ], (kind * BoxTable.CountClasses) + i, _header.Rules.Predicts ? PriorTables.Count(first) : Even);
    }

    // A class of a box of another area, as if it had this one.
    private static int Relative(BoxNeighbor? box, int channel, int area)
    {
        if (box is null)
            return 0;
        int index = box.Classes[channel];
        return index == 0 ? 0 : Math.Clamp(index + (2 * (area - box.Place.LogWidth - box.Place.LogHeight)), 1, BoxTable.CountClasses - 1);
    }

    private void CodeLevels(int channel, CodedBox box, BoxTable table, BoxNeighbor? left, BoxNeighbor? top)
    {
        Levels.Begin(table, channel, left, top);
        int count = Math.Min(BoxTable.ClassEnd(box.Classes[channel]), table.Area);
        int[] levels = box.Levels[channel];
        if (_chooser is null)
            Array.Clear(levels, 0, table.Area);
        for (int i = count - 1; i >= 0; i--)
        {
            int place = table.Order[i];
            Levels.Locate(place);
            int level = levels[place];
            int magnitude = CodeMagnitude(Math.Abs(level));
            if (magnitude == 0)
                continue;
            Levels.Put(place, magnitude);
            levels[place] = _coder.Code(level < 0 ? 1 : 0, Even) == 1 ? -magnitude : magnitude;
        }
    }

    private int CodeMagnitude(int magnitude)
    {
        for (int b = 0; b < LevelModel.MostUnary; b++)
        {
            int bit = _coder.Code(magnitude > b ? 1 : 0, Levels.Predict(b));
            Levels.Learn(bit);
            if (bit == 0)
                return b;
        }

        // The rest by its bits: how many, and all but the first.
        int rest = magnitude - LevelModel.MostUnary + 1, bits = 0;
        while (_coder.Code(rest >> (bits + 1) > 0 ? 1 : 0, Even) == 1)
        {
            if (++bits > MostEscapeBits)
                throw new FormatException("its coded bytes have a level that is too large.");
        }

        int value = 1;
        for (int i = bits - 1; i >= 0; i--)
            value = (2 * value) + _coder.Code((rest >> i) & 1, Even);
        return Math.Min(value - 1 + LevelModel.MostUnary, MostLevel);
    }

    private int Bit(BitModel model, ReadOnlySpan<int> contexts, int set, int bit)
    {
        _probability = model.Predict(contexts, set, Expected(contexts[0]));
        return Finish(model, bit);
    }

    private int Expected(int context) => _header.Rules.Predicts && context < Exact ? PriorTables.Tree(context) : Even;

    private int _probability;

    private int Finish(BitModel model, int bit)
    {
        bit = _coder.Code(bit, _probability);
        model.Learn(bit);
        return bit;
    }

    private static int Compare(int? other, int log) => other is null || other == log ? 1 : other < log ? 0 : 2;

    private static int Aspect(BoxNeighbor? box) => box is null || box.Place.LogWidth == box.Place.LogHeight ? 1 : box.Place.LogWidth < box.Place.LogHeight ? 0 : 2;
}
