namespace Inr;

/// <summary>A binary range coder (G. Martin 1979, with the carry of LZMA) that writes: an interval is split by the probability of the next bit.</summary>
internal sealed class RangeWriter : IBinaryCoder
{
    /// <summary>Bytes of the window; so many zeros at most may be left out at the end.</summary>
    public const int WindowBytes = 4;

    /// <summary>The length of the interval as it is.</summary>
    public uint Range => _range;

    /// <summary>Below it the interval is too coarse to be split.</summary>
    public const uint Renormalize = 1u << 24;

    private readonly List<byte> _bytes = [];
    private ulong _low;
    private uint _range = uint.MaxValue;

    // The last byte, and how many of 0xFF follow it: a carry may still change them. The very first byte is always 0.
    private byte _cache;
    private long _pending;
    private bool _started;

    /// <summary>The bytes that the bits so far moved the window by.</summary>
    public int Shifts { get; private set; }

    /// <inheritdoc/>
    public int Code(int bit, ref BitCounter counter)
    {
        Write(bit, (uint)(((ulong)_range * counter.Zero) >> BitCounter.Precision));
        counter.Learn(bit);
        return bit;
    }

    /// <inheritdoc/>
    public int CodeEven(int bit)
    {
        Write(bit, _range >> 1);
        return bit;
    }

    /// <summary>Ends the stream with the number of the last interval that has the most zeros at its end, and leaves those out.</summary>
    public byte[] Finish()
    {
        for (int zeros = 32; zeros >= 0; zeros--)
        {
            ulong unit = 1UL << zeros, first = (_low + unit - 1) & ~(unit - 1);
            if (first < _low + _range)
            {
                _low = first;
                break;
            }
        }

        byte[] bytes = FinishWhole();
        int length = bytes.Length;
        for (int i = 0; i < WindowBytes && length > 0 && bytes[length - 1] == 0; i++)
            length--;
        return bytes[..length];
    }

    /// <summary>Ends the stream with the whole window: a reader that misses nothing (<see cref="RangeReader"/>) then finds its end.</summary>
    public byte[] FinishWhole()
    {
        for (int i = 0; i <= WindowBytes; i++)
            ShiftByte();
        return [.. _bytes];
    }

    /// <summary>Writes a bit.</summary>
    /// <param name="bit">0 or 1.</param>
    /// <param name="zero">How much of <see cref="Range"/> a 0 takes: above 0 and below it.</param>
    public void Write(int bit, uint zero)
    {
        if (bit == 0)
        {
            _range = zero;
        }
        else
        {
            _low += zero;
            _range -= zero;
        }

        for (; _range < Renormalize; _range <<= 8)
        {
            ShiftByte();
            Shifts++;
        }
    }

    private void ShiftByte()
    {
        uint carry = (uint)(_low >> 32);
        if (carry != 0 || (uint)_low < 0xFF000000)
        {
            if (_started)
                _bytes.Add((byte)(_cache + carry));
            for (; _pending > 0; _pending--)
                _bytes.Add((byte)(0xFF + carry));
            _cache = (byte)(_low >> 24);
            _started = true;
        }
        else
        {
            _pending++;
        }

        _low = (_low & 0x00FFFFFF) << 8;
    }
}
