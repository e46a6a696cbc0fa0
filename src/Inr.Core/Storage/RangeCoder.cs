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
        var writer = new RangeWriter();
        foreach (int code in codes)
        {
            model.Begin();
            for (int i = bits - 1; i >= 0; i--)
            {
                int bit = ((code - lowest) >> i) & 1;
                writer.Write(bit, (writer.Range >> AdaptiveBits.Precision) * model.ProbabilityOfZero);
                model.Learn(bit);
            }
        }

        return writer.FinishWhole();
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
        var reader = new RangeReader(blob, missing: 0);
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
                int bit = reader.Read((reader.Range >> AdaptiveBits.Precision) * model.ProbabilityOfZero);
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
}
