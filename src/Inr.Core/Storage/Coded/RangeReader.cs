namespace Inr;

/// <summary>The inverse of <see cref="RangeWriter"/>.</summary>
internal sealed class RangeReader : IBinaryCoder
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private uint _code;
    private uint _range = uint.MaxValue;
    private int _at;

    /// <param name="bytes">The bytes of the stream, all of them.</param>
    public RangeReader(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        for (int i = 0; i < RangeWriter.WindowBytes; i++)
            _code = (_code << 8) | Next();
    }

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
            throw new FormatException($"{_bytes.Length - _at} bytes follow its last code.");
    }

    private int Read(uint zero)
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

    // The writer leaves zeros out, as many as the window holds.
    private uint Next()
    {
        if (_at >= _bytes.Length + RangeWriter.WindowBytes)
            throw new FormatException($"its {_bytes.Length} coded bytes end before its last code.");
        uint next = _at < _bytes.Length ? _bytes.Span[_at] : 0u;
        _at++;
        return next;
    }
}
