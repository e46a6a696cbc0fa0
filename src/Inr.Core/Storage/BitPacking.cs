namespace Inr;

/// <summary>Whole numbers of few bits in bytes, the lowest bits first.</summary>
internal static class BitPacking
{
    /// <summary>Packs numbers, each counted from the smallest one.</summary>
    public static byte[] Pack(ReadOnlySpan<int> numbers, int lowest, int bits)
    {
        var packed = new byte[(((long)numbers.Length * bits) + 7) / 8];
        uint window = 0;
        int filled = 0, at = 0;
        foreach (int number in numbers)
        {
            window |= (uint)(number - lowest) << filled;
            filled += bits;
            for (; filled >= 8; filled -= 8, window >>= 8)
                packed[at++] = (byte)window;
        }

        if (filled > 0)
            packed[at] = (byte)window;
        return packed;
    }

    /// <summary>The inverse of <see cref="Pack"/>.</summary>
    public static int[] Unpack(byte[] packed, int count, int lowest, int bits)
    {
        var numbers = new int[count];
        uint window = 0, mask = (1u << bits) - 1;
        int filled = 0, at = 0;
        for (int i = 0; i < count; i++, window >>= bits, filled -= bits)
        {
            for (; filled < bits; filled += 8)
                window |= (uint)packed[at++] << filled;
            numbers[i] = (int)(window & mask) + lowest;
        }

        return numbers;
    }
}
