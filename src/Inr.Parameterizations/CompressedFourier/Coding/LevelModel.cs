namespace Inr.Parameterizations.CompressedFourier;

/// <summary>The contexts of a level: the levels of higher frequency around it, of other channels at its place, and of the boxes beside.</summary>
internal sealed class LevelModel
{
    /// <summary>Levels up to here are coded by answers to "larger than b?".</summary>
    public const int MostUnary = 14;

    private const int Bits = 8;
    private const int Margin = 4;
    private const int Kinds = 3;
    private const int ExpectedClasses = 40;
    private const int AreaClasses = 13;
    private const int Templates = 16;
    private const int Near = 243;
    private const int BesideClasses = 12;
    private const int One = 256;

    // Where the counters of each context begin.
    private const int First = 0;
    private const int Second = First + (Kinds * AreaClasses * Templates * BoxTable.FrequencyClasses * Bits);
    private const int Third = Second + (Kinds * ExpectedClasses * 4 * Bits);
    private const int Fourth = Third + (Kinds * BoxRules.Shapes * 64 * Bits);
    private const int Fifth = Fourth + (Kinds * BesideClasses * 4 * 6 * Bits);
    private const int Sixth = Fifth + (Kinds * Near * Bits);
    private const int Counters = Sixth + (Kinds * ExpectedClasses * 16 * Bits);

    // The weights of the neighbors in the expected level, in 1/256, for the first channel, the second and the others.
    private static readonly Weights[] Expectations =
    [
        new(67, 44, 54, 33, 33, 0),
        new(82, 38, 54, 31, 26, 10),
        new(77, 51, 44, 20, 20, 59),
    ];

    private readonly BitModel _model = new(Counters, Kinds * (ExpectedClasses / 4) * Bits, 6);
    private readonly int[][] _magnitudes;
    private readonly int[] _beside = new int[BoxTable.Bands * BoxTable.Bands];
    private readonly int[] _contexts = new int[BitModel.MostContexts];
    private readonly BoxRules _rules;
    private BoxTable _table = BoxTable.For(2, 2);
    private int _channel;
    private int _kind;
    private int _shape;
    private int _area;
    private int _stride;
    private int _expectedClass;
    private int[] _now = [];
    private int[]? _before;

    public LevelModel(BoxRules rules, int channels)
    {
        _rules = rules;
        int most = ((1 << rules.LogRootWidth) + Margin) * ((1 << rules.LogRootHeight) + Margin);
        _magnitudes = [.. Enumerable.Range(0, channels).Select(_ => new int[most])];
    }

    /// <summary>Begins a channel of a box, whose earlier channels are in place.</summary>
    public void Begin(BoxTable table, int channel, BoxNeighbor? left, BoxNeighbor? top)
    {
        _table = table;
        _channel = channel;
        _kind = Math.Min(channel, Kinds - 1);
        _shape = _rules.Shape(table.LogWidth, table.LogHeight);
        _area = table.LogWidth + table.LogHeight;
        _stride = (1 << table.LogWidth) + Margin;
        _now = _magnitudes[channel];
        _before = channel == 0 ? null : _magnitudes[channel - 1];
        Array.Clear(_now, 0, _stride * ((1 << table.LogHeight) + Margin));
        for (int i = 0; i < _beside.Length; i++)
            _beside[i] = (left?.Bands[channel][i] ?? 0) + (top?.Bands[channel][i] ?? 0);
    }

    /// <summary>Finds the contexts of a place of the box.</summary>
    public void Locate(int place)
    {
        int u = place & ((1 << _table.LogWidth) - 1), v = place >> _table.LogWidth;
        int at = ((v + 1) * _stride) + u + 1;
        int[] q = _now;
        int right = q[at + 1], below = q[at + _stride], both = q[at + _stride + 1];
        int right2 = q[at + 2], below2 = q[at + (2 * _stride)];
        int aside = q[at + _stride - 1] + q[at - _stride + 1];
        int beside = _beside[_table.Band[place]];
        int before = _before is null ? 0 : _before[at];
        ref readonly var e = ref Expectations[_kind];
        int expected = (e.Next * (right + below)) + (e.Diagonal * both) + (e.Second * (right2 + below2)) + (e.Aside * aside) + ((e.Beside * beside) >> 4) + (e.Before * before);
        _expectedClass = LogClass(expected + 8, 3, ExpectedClasses);
        int template = Math.Min(right + below + both + right2 + below2, Templates - 1);
        int k = _kind;
        _contexts[0] = First + (((((((k * AreaClasses) + _area) * Templates) + template) * BoxTable.FrequencyClasses) + _table.Frequency[place]) * Bits);
        _contexts[1] = Second + (((((k * ExpectedClasses) + _expectedClass) * 4) + (u == 0 ? 1 : 0) + (v == 0 ? 2 : 0)) * Bits);
        _contexts[2] = Third + (((((k * BoxRules.Shapes) + _shape) * 64) + _table.Low[place]) * Bits);
        _contexts[3] = Fourth + ((((((k * BesideClasses) + LogClass(beside + 2, 1, BesideClasses * 2) / 2) * 4) + Math.Min(before, 3)) * 6) + Math.Min(template, 5)) * Bits;
        _contexts[4] = Fifth + (((k * Near) + Math.Min(right, 2) + (3 * Math.Min(below, 2)) + (9 * Math.Min(both, 2)) + (27 * Math.Min(right2 + below2, 2)) + (81 * Math.Min(aside, 2))) * Bits);
        _contexts[5] = Sixth + (((((k * ExpectedClasses) + _expectedClass) * 16) + _table.Sum[place]) * Bits);
    }

    /// <summary>The probability that the level at the place is larger than b, given that it is not smaller.</summary>
    public int Predict(int b)
    {
        b = Math.Min(b, Bits - 1);
        return _model.Predict(_contexts, (((_kind * (ExpectedClasses / 4)) + (_expectedClass / 4)) * Bits) + b, PriorTables.Level((((_kind * ExpectedClasses) + _expectedClass) * Bits) + b), b);
    }

    /// <summary>Learns the answer to the last question.</summary>
    public void Learn(int bit) => _model.Learn(bit);

    /// <summary>Puts a magnitude in its place.</summary>
    public void Put(int place, int magnitude)
    {
        int u = place & ((1 << _table.LogWidth) - 1), v = place >> _table.LogWidth;
        _now[((v + 1) * _stride) + u + 1] = magnitude;
    }

    /// <summary>The mean magnitudes of the bands of a channel that is done.</summary>
    /// <param name="box">Receives them.</param>
    /// <param name="count">The places that may have a level, in their order.</param>
    public void Summarize(BoxNeighbor box, int count)
    {
        Span<int> sums = stackalloc int[BoxTable.Bands * BoxTable.Bands];
        sums.Clear();
        for (int i = 0; i < count; i++)
        {
            int place = _table.Order[i];
            sums[_table.Band[place]] += Math.Min(_now[(((place >> _table.LogWidth) + 1) * _stride) + (place & ((1 << _table.LogWidth) - 1)) + 1], 4000);
        }

        var counts = _table.BandSizes;
        if (count == 0)
            return;
        int lowU = Math.Max(0, BoxTable.Bands - 1 - _table.LogWidth), lowV = Math.Max(0, BoxTable.Bands - 1 - _table.LogHeight);
        var means = box.Bands[_channel];
        for (int v = 0; v < BoxTable.Bands; v++)
        {
            for (int u = 0; u < BoxTable.Bands; u++)
            {
                // Octaves below the lowest one of the box lie in it.
                int band = (Math.Max(v, lowV) * BoxTable.Bands) + Math.Max(u, lowU);
                means[(v * BoxTable.Bands) + u] = (ushort)(counts[band] == 0 ? 0 : Math.Min(((16 * sums[band]) + (counts[band] / 2)) / counts[band], ushort.MaxValue));
            }
        }
    }

    // Four classes an octave from 2^log on.
    private static int LogClass(int value, int log, int classes)
    {
        int octave = int.Log2(value);
        int quarter = octave >= 2 ? (value >> (octave - 2)) & 3 : (value << (2 - octave)) & 3;
        return Math.Clamp(((octave - log) * 4) + quarter, 0, classes - 1);
    }

    private readonly record struct Weights(int Next, int Diagonal, int Second, int Aside, int Beside, int Before);
}
