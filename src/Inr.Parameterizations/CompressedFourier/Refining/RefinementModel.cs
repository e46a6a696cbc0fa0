namespace Inr.Parameterizations.CompressedFourier;

/// <summary>The contexts of a refinement: what the layers before say of its place and of those around it, and the refinements of higher frequency.</summary>
internal sealed class RefinementModel
{
    /// <summary>Refinements are not larger.</summary>
    public const int Most = 40;

    private const int Kinds = 3;
    private const int Bases = 3;
    private const int Bits = 3;
    private const int Margin = 2;
    private const int Around = 12;

    private const int First = 0;
    private const int Second = First + (Kinds * Bases * Around * BoxTable.FrequencyClasses);
    private const int Third = Second + (Kinds * Bases * Around * 5);
    private const int Fourth = Third + (Kinds * Bases * BoxRules.Shapes * 64);
    private const int Fifth = Fourth + (Kinds * Bases * 9 * 4);
    private const int Sixth = Fifth + (Kinds * Bases * 27);
    private const int Counters = Sixth + (Kinds * Bases * 13 * 16);

    private readonly BitModel _model = new(Bits * Counters, Kinds * Bases * Bits, 6);
    private readonly BitModel _signs = new(Kinds * Bases * 2, Kinds, 1);
    private readonly BitModel _counts;
    private readonly BoxRules _rules;
    private readonly int[][] _bases;
    private readonly int[][] _refined;
    private readonly int[] _contexts = new int[BitModel.MostContexts];
    private readonly int[] _bitContexts = new int[BitModel.MostContexts];
    private BoxTable _table = BoxTable.For(2, 2);
    private int _channel;
    private int _kind;
    private int _stride;
    private int _base;

    public RefinementModel(BoxRules rules, int channels)
    {
        _rules = rules;
        int most = ((1 << rules.LogRootWidth) + (2 * Margin)) * ((1 << rules.LogRootHeight) + (2 * Margin));
        _bases = [.. Enumerable.Range(0, channels).Select(_ => new int[most])];
        _refined = [.. Enumerable.Range(0, channels).Select(_ => new int[most])];
        _counts = new BitModel(Kinds * (BoxRules.Shapes + BoxTable.CountClasses) * BoxTable.CountClasses, Kinds * BoxTable.CountClasses, 2);
    }

    /// <summary>Begins a channel of a box, whose earlier channels are in place.</summary>
    /// <param name="table">The shape.</param>
    /// <param name="channel">The channel.</param>
    public void Begin(BoxTable table, int channel)
    {
        _table = table;
        _channel = channel;
        _kind = Math.Min(channel, Kinds - 1);
        _stride = (1 << table.LogWidth) + (2 * Margin);
        int size = _stride * ((1 << table.LogHeight) + (2 * Margin));
        Array.Clear(_bases[channel], 0, size);
        Array.Clear(_refined[channel], 0, size);
    }

    /// <summary>Says what the layers before have at a place.</summary>
    public void PutBase(int place, int level) => _bases[_channel][At(place)] = level;

    /// <summary>Puts a refinement in its place.</summary>
    public void Put(int place, int level) => _refined[_channel][At(place)] = level;

    /// <summary>Finds the contexts of a place.</summary>
    public void Locate(int place)
    {
        int at = At(place);
        int[] b = _bases[_channel], r = _refined[_channel];
        _base = Math.Min(Math.Abs(b[at]), Bases - 1);
        int k = (_kind * Bases) + _base;
        int right = Math.Abs(r[at + 1]), below = Math.Abs(r[at + _stride]), both = Math.Abs(r[at + _stride + 1]), aside = Math.Abs(r[at + _stride - 1]) + Math.Abs(r[at - _stride + 1]);
        int beside = Math.Abs(b[at - 1]) + Math.Abs(b[at + 1]) + Math.Abs(b[at - _stride]) + Math.Abs(b[at + _stride]);
        int corners = Math.Abs(b[at - _stride - 1]) + Math.Abs(b[at - _stride + 1]) + Math.Abs(b[at + _stride - 1]) + Math.Abs(b[at + _stride + 1]);
        int around = Math.Min(beside + (corners / 2), Around - 1);
        int before = 0, refinedBefore = 0;
        if (_channel > 0)
        {
            before = Math.Min(Math.Abs(_bases[_channel - 1][at]), 2);
            refinedBefore = Math.Min(Math.Abs(_refined[_channel - 1][at]), 2);
        }

        int near = Math.Min(right + below + both + (aside / 2), 4);
        _contexts[0] = First + (((k * Around) + around) * BoxTable.FrequencyClasses) + _table.Frequency[place];
        _contexts[1] = Second + (((k * Around) + Math.Min(beside, Around - 1)) * 5) + near;
        _contexts[2] = Third + (((k * BoxRules.Shapes) + _rules.Shape(_table.LogWidth, _table.LogHeight)) * 64) + _table.Low[place];
        _contexts[3] = Fourth + (((k * 9) + (3 * before) + refinedBefore) * 4) + Math.Min(around, 3);
        _contexts[4] = Fifth + (k * 27) + Math.Min(right, 2) + (3 * Math.Min(below, 2)) + (9 * Math.Min(both, 2));
        _contexts[5] = Sixth + (((k * 13) + _table.LogWidth + _table.LogHeight) * 16) + _table.Sum[place];
    }

    /// <summary>The probability that the refinement is larger than b, given that it is not smaller.</summary>
    public int Predict(int b)
    {
        b = Math.Min(b, Bits - 1);
        for (int i = 0; i < _contexts.Length; i++)
            _bitContexts[i] = (_contexts[i] * Bits) + b;
        return _model.Predict(_bitContexts, (((_kind * Bases) + _base) * Bits) + b, Expected(b));
    }

    /// <summary>Learns the answer to the last question.</summary>
    public void Learn(int bit) => _model.Learn(bit);

    /// <summary>The probability that the refinement leads away from 0, where there is a level already; even where there is none.</summary>
    public int PredictSign() => _base == 0 ? 1 << 15 : _signs.Predict([((_kind * Bases) + _base) * 2], _kind, 1 << 15);

    /// <summary>Learns whether it does.</summary>
    public void LearnSign(int bit)
    {
        if (_base > 0)
            _signs.Learn(bit);
    }

    /// <summary>The sign that leads away from 0: that of the level of the layers before; positive where there is none.</summary>
    public int Outwards(int place) => _bases[_channel][At(place)] < 0 ? -1 : 1;

    /// <summary>The probability that the class of the count goes on.</summary>
    /// <param name="index">The class so far.</param>
    /// <param name="baseClass">The class of the levels of the layers before.</param>
    public int PredictCount(int index, int baseClass)
    {
        int shape = ((_kind * BoxRules.Shapes) + _rules.Shape(_table.LogWidth, _table.LogHeight)) * BoxTable.CountClasses;
        int known = ((Kinds * BoxRules.Shapes) + (_kind * BoxTable.CountClasses) + baseClass) * BoxTable.CountClasses;
        return _counts.Predict([shape + index, known + index], (_kind * BoxTable.CountClasses) + index, 1 << 15);
    }

    /// <summary>Learns whether it does.</summary>
    public void LearnCount(int bit) => _counts.Learn(bit);

    // Zero as a rule where nothing was before; of three equal parts of a level's cell, one is the middle.
    private int Expected(int b) => b == 0 ? (_base == 0 ? 3000 : 26000) : 3000;

    private int At(int place) => (((place >> _table.LogWidth) + Margin) * _stride) + (place & ((1 << _table.LogWidth) - 1)) + Margin;
}
