namespace Inr;

/// <summary>The probabilities of whole numbers: zero or not, sign, octave, and the first two bits after it, each by what is expected of the magnitude.</summary>
/// <remarks>One syntax serves writer and reader. The tensors of a stream share what was learned; nothing is stored of it.</remarks>
internal sealed class NumberModel
{
    /// <summary>The classes of the expected magnitude: two an octave from a quarter on.</summary>
    public const int Classes = 56;

    private const int Octaves = 25;
    private const int Signs = 3;
    private const int Unit = 16;

    // Zero or not, the octave in unary, and a tree of two bits below each octave.
    private const int FirstOctave = 1;
    private const int FirstTree = FirstOctave + Octaves;
    private const int PerClass = FirstTree + (3 * Octaves);

    // Weights and their like, biases, structures, places and frequencies; each with even and local expectations.
    private const int Roles = 4;
    private const int HeaderGroup = 2 * Roles;
    private const int Groups = HeaderGroup + 1;

    private BitCounter[] _numbers = new BitCounter[Groups * Classes * PerClass];
    private BitCounter[] _signs = new BitCounter[Groups * Signs];
    private int[] _exponents = new int[Roles];
    private int[] _classes = new int[Roles];

    private int[] _bounds = new int[Roles];
    private int _seed;
    private int _role;
    private bool _isLocal;
    private int _columns;
    private int _class;
    private int _running;

    /// <summary>A model that has learned the same.</summary>
    public NumberModel Copy()
    {
        var copy = (NumberModel)MemberwiseClone();
        (copy._numbers, copy._signs, copy._exponents, copy._classes, copy._bounds) = ([.. _numbers], [.. _signs], [.. _exponents], [.. _classes], [.. _bounds]);
        return copy;
    }

    /// <summary>Writes or reads what stands before the codes of a tensor.</summary>
    /// <param name="coder">The coder.</param>
    /// <param name="role">What the tensor does.</param>
    /// <param name="columns">The length of its last axis.</param>
    /// <param name="head">What to write; a reader ignores it.</param>
    /// <returns>What was written or read.</returns>
    /// <exception cref="FormatException">There is no such step, shift or class.</exception>
    public CodedHead Begin<T>(T coder, ParameterRole role, long columns, CodedHead head)
        where T : IBinaryCoder
    {
        _role = Group(role);
        _columns = (int)Math.Min(columns, int.MaxValue);
        var mode = (CodedMode)CodeHeader(coder, (int)head.Mode, 0);
        if (mode is < CodedMode.Even or > CodedMode.Raw)
            throw new FormatException($"the codes of a tensor are written in the unknown way {(int)mode}.");
        if (mode == CodedMode.Raw)
            return new CodedHead(mode, default, 0, 0, null);
        int exponent = _exponents[_role] + CodeHeader(coder, head.Step.Exponent - _exponents[_role], 1);
        int shift = CodeHeader(coder, head.Shift, 2);
        int expected = mode == CodedMode.Local ? 0 : _classes[_role] + CodeHeader(coder, head.Class - _classes[_role], 3);
        var start = CodeStart(coder, head.Start);
        if (Math.Abs(exponent) > CodedStep.Largest || shift is < 0 or > CodedTensor.LargestShift || expected is < 0 or >= Classes)
            throw new FormatException("a tensor has a step, a shift or a magnitude that does not exist.");
        _exponents[_role] = exponent;
        if (mode == CodedMode.Even)
            _classes[_role] = expected;
        _isLocal = mode == CodedMode.Local;
        _class = expected;
        _running = Unit;
        return new CodedHead(mode, new CodedStep(exponent), shift, expected, start);
    }

    /// <summary>Writes or reads the bits of a raw number.</summary>
    public static int CodeRaw<T>(T coder, int bits)
        where T : IBinaryCoder
    {
        int read = 0;
        for (int i = 31; i >= 0; i--)
            read = (read << 1) | coder.CodeEven((bits >> i) & 1);
        return read;
    }

    /// <summary>Finds what is expected at a place; the codes before it are in place.</summary>
    public void Locate(ReadOnlySpan<int> codes, int at)
    {
        if (!_isLocal)
            return;
        int column = at % _columns;
        int left = column > 0 ? Math.Abs(codes[at - 1]) : 0, second = column > 1 ? Math.Abs(codes[at - 2]) : 0;
        int above = at >= _columns ? Math.Abs(codes[at - _columns]) : 0;
        // 16 times the expected magnitude, from magnitudes of at most 2²⁴.
        long expected = (4L * left) + (2L * second) + (above * 4L) + ((6L * _running) / Unit);
        _class = ClassOf(expected);
    }

    /// <summary>Writes or reads a code at the place that was found.</summary>
    public int Code<T>(T coder, int code, int before, int largest)
        where T : IBinaryCoder
    {
        int group = _isLocal ? Roles + _role : _role;
        code = Code(coder, code, group, _class, 1 + Math.Sign(before), largest);
        if (_isLocal)
            _running += ((Unit * Math.Min(Math.Abs(code), 1 << 20)) - _running) / 16;
        return code;
    }

    /// <summary>What a code costs at the place that was found, in bits.</summary>
    public float Cost(int code, int before)
    {
        int group = _isLocal ? Roles + _role : _role, at = ((group * Classes) + _class) * PerClass;
        if (code == 0)
            return BitCost.Of(_numbers[at], 0);
        int magnitude = Math.Abs(code), octave = int.Log2(magnitude);
        float cost = BitCost.Of(_numbers[at], 1) + BitCost.Of(_signs[(group * Signs) + 1 + Math.Sign(before)], code < 0 ? 1 : 0);
        for (int k = 0; k <= octave && k < Octaves - 1; k++)
            cost += BitCost.Of(_numbers[at + FirstOctave + k], k < octave ? 1 : 0);
        int tree = at + FirstTree + (3 * octave), node = 0;
        for (int i = octave - 1; i >= 0; i--)
        {
            int bit = (magnitude >> i) & 1;
            if (octave - 1 - i >= 2)
                return cost + i + 1;
            cost += BitCost.Of(_numbers[tree + node], bit);
            node = 1 + bit;
        }

        return cost;
    }

    /// <summary>The class of a magnitude.</summary>
    /// <param name="sixteenths">Sixteen times the magnitude.</param>
    public static int ClassOf(long sixteenths)
    {
        if (sixteenths < 4)
            return 0;
        int octave = long.Log2(sixteenths) is var log ? (int)log : 0;
        return Math.Min(1 + (2 * (octave - 2)) + (int)((sixteenths >> (octave - 1)) & 1), Classes - 1);
    }

    private static int Group(ParameterRole role) => role switch
    {
        ParameterRole.Bias => 1,
        ParameterRole.Structure => 2,
        ParameterRole.Indicator or ParameterRole.Frequency => 3,
        _ => 0,
    };

    // Seeds follow one another as tensors do.
    private CodedStart? CodeStart<T>(T coder, CodedStart? start)
        where T : IBinaryCoder
    {
        if (CodeHeader(coder, start is null ? 0 : 1, 4) == 0)
            return null;
        int seed = _seed + CodeHeader(coder, (start?.Seed ?? 0) - _seed, 5), bound = _bounds[_role] + CodeHeader(coder, (start?.Bound.Exponent ?? 0) - _bounds[_role], 6);
        if (seed is < 0 or > CodedStart.LargestSeed || Math.Abs(bound) > CodedStep.Largest)
            throw new FormatException("a tensor has a seed or a bound that does not exist.");
        _seed = seed + 1;
        _bounds[_role] = bound;
        return new CodedStart(seed, new CodedStep(bound));
    }

    // The kinds of numbers in a head have probabilities of their own.
    private int CodeHeader<T>(T coder, int number, int kind)
        where T : IBinaryCoder => Code(coder, number, HeaderGroup, kind, 1, 1 << 20);

    private int Code<T>(T coder, int code, int group, int expected, int sign, int largest)
        where T : IBinaryCoder
    {
        int at = ((group * Classes) + expected) * PerClass;
        if (coder.Code(code != 0 ? 1 : 0, ref _numbers[at]) == 0)
            return 0;
        bool isNegative = coder.Code(code < 0 ? 1 : 0, ref _signs[(group * Signs) + sign]) != 0;
        int magnitude = Math.Abs(code), octave = magnitude > 0 ? int.Log2(magnitude) : 0, read = 0;
        while (read < Octaves - 1 && coder.Code(read < octave ? 1 : 0, ref _numbers[at + FirstOctave + read]) != 0)
            read++;
        int tree = at + FirstTree + (3 * read), node = 0, value = 1;
        for (int i = read - 1; i >= 0; i--)
        {
            int bit = (magnitude >> i) & 1;
            bit = read - 1 - i < 2 ? coder.Code(bit, ref _numbers[tree + node]) : coder.CodeEven(bit);
            node = 1 + bit;
            value = (value << 1) | bit;
        }

        if (value > largest)
            throw new FormatException($"a code of {value} is beyond {largest}.");
        return isNegative ? -value : value;
    }
}
