namespace Inr.Parameterizations.CompressedFourier;

/// <summary>What a bit costs: −log₂ of its probability.</summary>
internal static class BitCost
{
    private static readonly float[] Table = [.. Enumerable.Range(0, 4096).Select(i => (float)-Math.Log2((i + 0.5) / 4096))];

    /// <param name="probability">That the bit is 1, in units of 2⁻¹⁶.</param>
    /// <param name="bit">The bit.</param>
    public static float Of(int probability, int bit) => Table[(bit != 0 ? probability : 65535 - probability) >> 4];
}
