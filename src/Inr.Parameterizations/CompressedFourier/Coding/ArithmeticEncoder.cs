namespace Inr.Parameterizations.CompressedFourier;

/// <summary>A binary arithmetic coder on an interval [low, high] of 32-bit numbers: the lower part stands for 1.</summary>
/// <remarks>A leading byte on which both ends agree is written. The end of the stream is the shortest number of the last interval.</remarks>
internal struct ArithmeticEncoder() : IBitCoder
{
    private readonly List<byte> _bytes = [];
    private uint _low;
    private uint _high = uint.MaxValue;

    /// <inheritdoc/>
    public readonly bool IsDrained => false;

    /// <inheritdoc/>
    public int Code(int bit, int probability)
    {
        uint middle = _low + (uint)(((ulong)(_high - _low) * (uint)probability) >> 16);
        if (bit != 0)
            _high = middle;
        else
            _low = middle + 1;
        while (((_low ^ _high) & 0xFF000000) == 0)
        {
            _bytes.Add((byte)(_high >> 24));
            _low <<= 8;
            _high = (_high << 8) | 0xFF;
        }

        return bit;
    }

    /// <summary>Ends the stream.</summary>
    public readonly byte[] Finish()
    {
        int more = LastBytes(_low, _high, out uint value);
        for (int i = 0; i < more; i++)
            _bytes.Add((byte)(value >> (24 - (8 * i))));
        return [.. _bytes];
    }

    /// <summary>The fewest bytes that name a number of an interval, zeros following them.</summary>
    public static int LastBytes(uint low, uint high, out uint value)
    {
        for (int bytes = 0; bytes < sizeof(uint); bytes++)
        {
            ulong step = 1UL << (32 - (8 * bytes));
            ulong first = (low + step - 1) / step * step;
            value = (uint)first;
            if (first <= high)
                return bytes;
        }

        value = low;
        return sizeof(uint);
    }
}
