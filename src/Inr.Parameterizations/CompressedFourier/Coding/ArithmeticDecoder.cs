namespace Inr.Parameterizations.CompressedFourier;

/// <summary>The inverse of <see cref="ArithmeticEncoder"/>.</summary>
internal struct ArithmeticDecoder : IBitCoder
{
    private readonly byte[] _bytes;
    private uint _low;
    private uint _high;
    private uint _value;
    private readonly bool _isCut;
    private int _at;

    /// <param name="bytes">All bytes of a payload.</param>
    /// <param name="start">Where the coded bits begin.</param>
    /// <param name="isCut">Whether more bytes belong there: only bits that do not depend on them are read.</param>
    public ArithmeticDecoder(byte[] bytes, int start, bool isCut = false)
    {
        _bytes = bytes;
        _isCut = isCut;
        _at = start;
        _high = uint.MaxValue;
        for (int i = 0; i < sizeof(uint); i++)
            _value = (_value << 8) | Next();
    }

    /// <inheritdoc/>
    public bool IsDrained { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The bytes ended long before.</exception>
    public int Code(int bit, int probability)
    {
        uint middle = _low + (uint)(((ulong)(_high - _low) * (uint)probability) >> 16);
        if (_isCut && _at > _bytes.Length && !Knows(middle))
            return 0;
        bit = _value <= middle ? 1 : 0;
        if (bit != 0)
            _high = middle;
        else
            _low = middle + 1;
        while (((_low ^ _high) & 0xFF000000) == 0)
        {
            _low <<= 8;
            _high = (_high << 8) | 0xFF;
            _value = (_value << 8) | Next();
        }

        return bit;
    }

    /// <summary>Requires that the bytes end where the coded bits do.</summary>
    /// <exception cref="FormatException">They do not.</exception>
    public readonly void RequireEnd()
    {
        int end = _at - sizeof(uint) + ArithmeticEncoder.LastBytes(_low, _high, out uint value);
        if (end != _bytes.Length || value != _value)
            throw new FormatException($"its {_bytes.Length} coded bytes do not end with the last box.");
    }

    // Whether the bytes that are missing leave the bit open.
    private bool Knows(uint middle)
    {
        int missing = _at - _bytes.Length;
        uint most = missing >= sizeof(uint) ? uint.MaxValue : _value | ((1u << (8 * missing)) - 1);
        IsDrained |= (_value <= middle) != (most <= middle);
        return !IsDrained;
    }

    // The encoder leaves out what only zeros would follow.
    private uint Next()
    {
        if (!_isCut && _at >= _bytes.Length + sizeof(uint))
            throw new FormatException($"its {_bytes.Length} coded bytes end before the last box.");
        uint next = _at < _bytes.Length ? _bytes[_at] : 0u;
        _at++;
        return next;
    }
}
