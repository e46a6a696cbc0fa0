namespace Inr;

/// <summary>The inverse of <see cref="RangeWriter"/>.</summary>
internal sealed class RangeReader : IBinaryCoder
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int _missing;
    private uint _code;
    private uint _range = uint.MaxValue;
    private int _at;

    /// <param name="bytes">The bytes of the stream, all of them.</param>
    /// <param name="missing">How many zeros the writer may have left out: as many as the window holds, or none after <see cref="RangeWriter.FinishWhole"/>.</param>
    public RangeReader(ReadOnlyMemory<byte> bytes, int missing = RangeWriter.WindowBytes)
    {
        _bytes = bytes;
        _missing = missing;
        for (int i = 0; i < RangeWriter.WindowBytes; i++)
            _code = (_code << 8) | Next();
    }

    /// <summary>The length of the interval as it is.</summary>
    public uint Range => _range;

    /// <summary>The bytes that the bits so far moved the window by.</summary>
    public int Shifts => _at - RangeWriter.WindowBytes;

    /// <inheritdoc/>
    /// <exception cref="FormatException">The bytes ended long before.</exception>
    public int Code(int bit, ref BitCounter counter)
    {
        bit = Read((uint)(((ulong)_range * counter.Zero) >> BitCounter.Precision));
        counter.Learn(bit);
        return bit;
    }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The bytes ended long before.</exception>
    public int CodeEven(int bit) => Read(_range >> 1);

    /// <summary>Requires that the bytes end where the coded bits do.</summary>
    /// <exception cref="FormatException">They go on.</exception>
    public void RequireEnd()
    {
        if (_at < _bytes.Length)
            throw new FormatException($"its blob has {_bytes.Length - _at} bytes beyond its last code.");
    }

    /// <summary>Reads a bit.</summary>
    /// <param name="zero">How much of <see cref="Range"/> a 0 takes, as it was when the bit was written.</param>
    /// <exception cref="FormatException">The bytes ended long before.</exception>
    public int Read(uint zero)
    {
        int bit = _code < zero ? 0 : 1;
        if (bit == 0)
        {
            _range = zero;
        }
        else
        {
            _code -= zero;
            _range -= zero;
        }

        for (; _range < RangeWriter.Renormalize; _range <<= 8)
            _code = (_code << 8) | Next();
        return bit;
    }

    private uint Next()
    {
        if (_at >= _bytes.Length + _missing)
            throw new FormatException($"its blob of {_bytes.Length} bytes ends before its last code.");
        uint next = _at < _bytes.Length ? _bytes.Span[_at] : 0u;
        _at++;
        return next;
    }
}
