namespace Inr;

/// <summary>Numbers that a seed gives: codes then say how far a tensor has moved from them.</summary>
/// <param name="Seed">The seed, 0 to <see cref="LargestSeed"/>.</param>
/// <param name="Bound">The numbers are even between −Bound and Bound.</param>
internal readonly record struct CodedStart(int Seed, CodedStep Bound)
{
    /// <summary>The largest seed.</summary>
    public const int LargestSeed = (1 << 20) - 1;

    private const int Bits = 23;

    /// <summary>The numbers: exact whole numbers times the bound, rounded once.</summary>
    public float[] Numbers(int count)
    {
        float unit = Bound.Size / (1 << Bits);
        var numbers = new float[count];
        ulong key = (ulong)Seed << 32;
        for (int i = 0; i < count; i++)
            numbers[i] = ((int)(Mix(key + (uint)i) >> (63 - Bits)) - (1 << Bits)) * unit;
        return numbers;
    }

    // SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z + 1) * 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
