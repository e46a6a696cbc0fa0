namespace Inr.Parameterizations.CompressedFourier;

/// <summary>What a level is expected to be before anything was learned: a geometric distribution about the expected one.</summary>
internal static class LevelPrior
{
    /// <summary>The probability that a level is larger than b, given that it is not smaller, in units of 2⁻¹⁶.</summary>
    /// <param name="kind">The kind of the channel.</param>
    /// <param name="expectedClass">The class of the expected level: four an octave, from 8/256 on.</param>
    /// <param name="b">The level.</param>
    public static int Expected(int kind, int expectedClass, int b)
    {
        int expected = ((4 + (expectedClass % 4)) << (expectedClass / 4)) * 2;
        // The mean of a geometric distribution is p/(1 − p).
        long odds = b == 0 ? expected : expected + 128;
        return (int)Math.Clamp((odds << 16) / (odds + 256), 600, 64000);
    }
}
