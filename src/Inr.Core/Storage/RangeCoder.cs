namespace Inr;

/// <summary>A binary range coder (G. Martin 1979, with the carry of LZMA) for the codes of a quantizer: frequent codes take few bits.</summary>
/// <remarks>
/// An interval of 32 bits is split in the ratio that <see cref="AdaptiveBits"/> expects of the next bit, and the part of the
/// bit that comes is kept; leading bytes that no longer change are written. The decoder follows with the same whole numbers,
/// so that a blob gives the same codes on every machine.
/// </remarks>
internal static class RangeCoder
{
    /// <summary>No byte of a blob can hold more bits of codes than this: 8 bits of at least log₂(4096/4064) each, and rounding.</summary>
    public const int MostBitsPerByte = 736;

    private const uint Renormalize = 1u << 24;
    private const int WindowBytes = 4;
    private const int FirstCodes = 1 << 16;

    /// <summary>Codes numbers.</summary>
    /// <param name="codes">The codes, each counted from the smallest one.</param>
    /// <param name="lowest">The smallest code.</param>
    /// <param name="bits">Bits of a code, 1 to 16.</param>
    public static byte[] Encode(ReadOnlySpan<int> codes, int lowest, int bits)
    {
        if (codes.Length == 0)
            return [];
        var model = new AdaptiveBits(bits);
        var writer = new Writer();
        foreach (int code in codes)
        {
            model.Begin();
            for (int i = bits - 1; i >= 0; i--)
            {
                int bit = ((code - lowest) >> i) & 1;
                writer.Write(bit, model.ProbabilityOfZero);
                model.Learn(bit);
            }
        }

        return writer.Finish();
    }

    /// <summary>The inverse of <see cref="Encode"/>.</summary>
    /// <param name="blob">The bytes, all of them.</param>
    /// <param name="count">The number of codes.</param>
    /// <param name="lowest">The smallest code.</param>
    /// <param name="bits">Bits of a code, 1 to 16.</param>
    /// <exception cref="FormatException">The bytes end before the last code or go on after it, or cannot hold so many.</exception>
    public static int[] Decode(byte[] blob, long count, int lowest, int bits)
    {
        RequireCapacity(blob.LongLength, count, bits);
        if (count == 0)
            return blob.Length == 0 ? [] : throw new FormatException($"its blob has {blob.Length} bytes for no code.");
        var model = new AdaptiveBits(bits);
        var reader = new Reader(blob);
        // It grows with what has been decoded: the count is only a claim.
        var codes = new int[Math.Min(count, FirstCodes)];
        for (int n = 0; n < count; n++)
        {
            if (n == codes.Length)
                Array.Resize(ref codes, (int)Math.Min(count, 2L * n));
            model.Begin();
            int code = 0;
            for (int i = 0; i < bits; i++)
            {
                int bit = reader.Read(model.ProbabilityOfZero);
                model.Learn(bit);
                code = (2 * code) + bit;
            }

            codes[n] = code + lowest;
        }

        reader.RequireEnd();
        return codes;
    }

    /// <summary>Refuses a count that the bytes cannot hold, before anything is allocated for it.</summary>
    /// <exception cref="FormatException">They cannot.</exception>
    public static void RequireCapacity(long bytes, long count, int bits)
    {
        if ((Int128)count * bits > (Int128)bytes * MostBitsPerByte || count > Array.MaxLength)
            throw new FormatException($"its blob of {bytes} bytes cannot hold {count} codes of {bits} bits.");
    }

    private sealed class Writer
    {
        private readonly List<byte> _bytes = [];
        private ulong _low;
        private uint _range = uint.MaxValue;

        // The last byte, and how many of 0xFF follow it: a carry may still change them. The very first byte is always 0.
        private byte _cache;
        private long _pending;
        private bool _started;

        public void Write(int bit, uint probabilityOfZero)
        {
            uint zero = (_range >> AdaptiveBits.Precision) * probabilityOfZero;
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
                ShiftByte();
        }

        public byte[] Finish()
        {
            for (int i = 0; i <= WindowBytes; i++)
                ShiftByte();
            return [.. _bytes];
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

    private sealed class Reader
    {
        private readonly byte[] _bytes;
        private uint _code;
        private uint _range = uint.MaxValue;
        private int _at;

        public Reader(byte[] bytes)
        {
            _bytes = bytes;
            for (int i = 0; i < WindowBytes; i++)
                _code = (_code << 8) | Next();
        }

        public int Read(uint probabilityOfZero)
        {
            uint zero = (_range >> AdaptiveBits.Precision) * probabilityOfZero;
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

            for (; _range < Renormalize; _range <<= 8)
                _code = (_code << 8) | Next();
            return bit;
        }

        public void RequireEnd()
        {
            if (_at != _bytes.Length)
                throw new FormatException($"its blob has {_bytes.Length - _at} bytes beyond its last code.");
        }

        private byte Next() => _at < _bytes.Length
            ? _bytes[_at++]
            : throw new FormatException($"its blob of {_bytes.Length} bytes ends before its last code.");
    }
}
