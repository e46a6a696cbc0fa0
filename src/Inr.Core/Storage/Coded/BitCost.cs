namespace Inr;

/// <summary>What a bit costs: −log₂ of its probability. For an encoder's choices only; no decoder asks.</summary>
internal static class BitCost
{
    private static readonly float[] Table = [.. Enumerable.Range(0, 4096).Select(i => (float)-Math.Log2((i + 0.5) / 4096))];

    /// <summary>The cost of a bit, in bits.</summary>
    public static float Of(in BitCounter counter, int bit) => Table[(bit == 0 ? counter.Zero : 65535 - counter.Zero) >> 4];
}
