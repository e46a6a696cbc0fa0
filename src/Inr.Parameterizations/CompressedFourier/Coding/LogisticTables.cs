namespace Inr.Parameterizations.CompressedFourier;

/// <summary>The logistic function and its inverse on whole numbers: a probability as the logarithm of its odds, and back.</summary>
/// <remarks>
/// Odds are in units of 2⁻⁸, from −2047 to 2047; probabilities in units of 2⁻¹⁶. The function is linear between 65 values
/// that are part of the format, and the inverse is found from it, so that no machine computes another one.
/// </remarks>
internal static class LogisticTables
{
    /// <summary>The largest logarithm of odds.</summary>
    public const int Largest = 2047;

    private const int Step = 64;
    private const int Coarse = 4096;

    // 65536 / (1 + e^(−x)) at x = −8, −7.75, …, 8, rounded.
    private static readonly int[] Knots =
    [
        22, 28, 36, 47, 60, 77, 98, 126, 162, 208, 267, 342, 439,
        562, 720, 922, 1179, 1506, 1921, 2446, 3108, 3938, 4971, 6249, 7812, 9702,
        11955, 14595, 17625, 21025, 24743, 28693, 32768, 36843, 40793, 44511, 47911, 50941, 53581,
        55834, 57724, 59287, 60565, 61598, 62428, 63090, 63615, 64030, 64357, 64614, 64816, 64974,
        65097, 65194, 65269, 65328, 65374, 65410, 65438, 65459, 65476, 65489, 65500, 65508, 65514,
    ];

    private static readonly ushort[] Probabilities = MakeProbabilities();

    private static readonly short[] Odds = MakeOdds();

    /// <summary>The probability of the logarithm of odds, which is clamped.</summary>
    public static int Probability(int odds) => Probabilities[Math.Clamp(odds, -Largest, Largest) + Largest + 1];

    /// <summary>The logarithm of the odds of a probability.</summary>
    public static int OddsOf(int probability) => Odds[probability >> 4];

    /// <summary>The logarithm of the odds of a probability in units of 2⁻¹², below 1.</summary>
    public static int OddsOfCoarse(uint probability) => Odds[probability];

    private static ushort[] MakeProbabilities()
    {
        var table = new ushort[2 * (Largest + 1)];
        for (int i = 0; i < table.Length; i++)
        {
            int knot = i / Step, part = i % Step;
            table[i] = (ushort)(((Knots[knot] * (Step - part)) + (Knots[knot + 1] * part) + (Step / 2)) / Step);
        }

        return table;
    }

    private static short[] MakeOdds()
    {
        var table = new short[Coarse];
        int odds = -Largest;
        for (int p = 0; p < Coarse; p++)
        {
            int middle = (p << 4) + 8;
            while (odds < Largest && Probability(odds) < middle)
                odds++;
            table[p] = (short)odds;
        }

        return table;
    }
}
