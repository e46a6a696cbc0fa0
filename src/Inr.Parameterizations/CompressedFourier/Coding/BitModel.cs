using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Inr.Parameterizations.CompressedFourier;

/// <summary>The probability of the next bit, learned from the bits before it: counters of several contexts, mixed by their odds.</summary>
/// <remarks>
/// A counter is a probability of 22 bits that moves by 1/(n + 1.6) of its error at its n-th bit, and by 1/limit in the end. A
/// counter that has seen nothing says what the caller expects. The odds of the counters and of the expectation are weighted
/// and summed; the weights of a set move against the error of the sum. All of it is whole numbers: encoder and decoder
/// learn the same on every machine.
/// </remarks>
internal sealed class BitModel
{
    /// <summary>The most contexts of a bit.</summary>
    public const int MostContexts = 6;

    // The last input is the expectation itself.
    private const int Inputs = MostContexts + 1;
    private const int CountBits = 10;
    private const int CoarseShift = 20;
    private const int Slowest = 255;

    // A count is no larger than the slowest.
    private const uint CountMask = Slowest;
    private const int FirstCount = 2;
    private const int WeightOne = 1 << 16;
    private const int LearningRate = 6;
    private const int LearningShift = 18;
    private const int Least = 48;

    private static readonly int[] Rates = [.. Enumerable.Range(0, Slowest + 1).Select(n => 655360 / ((10 * n) + 16))];

    // As many as a power of two holds: a mask keeps every index within.
    private readonly uint[] _counters;
    private readonly int _mask;
    private readonly int[] _weights;
    private readonly int[] _index = new int[MostContexts];
    private readonly int[] _odds = new int[Inputs];
    private int _count;
    private int _set;
    private int _expected;
    private int _probability;

    /// <param name="counters">Counters of all contexts.</param>
    /// <param name="sets">Sets of weights.</param>
    /// <param name="inputs">Contexts of a bit as a rule: the first weights share out evenly.</param>
    public BitModel(int counters, int sets, int inputs)
    {
        _counters = new uint[(int)BitOperations.RoundUpToPowerOf2((uint)counters)];
        _mask = _counters.Length - 1;
        _weights = new int[sets * Inputs];
        for (int i = 0; i < _weights.Length; i++)
            _weights[i] = i % Inputs < inputs ? WeightOne * 9 / (8 * inputs) : 0;
    }

    /// <summary>The probability that the next bit is 1, in units of 2⁻¹⁶.</summary>
    /// <param name="contexts">The counters of the bit.</param>
    /// <param name="set">The weights of the bit.</param>
    /// <param name="expected">What a counter says that has seen nothing: a probability in units of 2⁻¹⁶.</param>
    /// <param name="offset">Added to every counter.</param>
    public int Predict(ReadOnlySpan<int> contexts, int set, int expected, int offset = 0)
    {
        _count = contexts.Length;
        _set = set * Inputs;
        _expected = expected;
        int expectedOdds = LogisticTables.OddsOf(expected), mask = _mask;
        var weights = _weights.AsSpan(_set, Inputs);
        var odds = _odds.AsSpan(0, Inputs);
        var index = _index.AsSpan(0, MostContexts);
        ref uint counters = ref MemoryMarshal.GetArrayDataReference(_counters);
        long sum = (long)expectedOdds * weights[MostContexts];
        odds[MostContexts] = expectedOdds;
        for (int i = 0; i < contexts.Length; i++)
        {
            int at = (contexts[i] + offset) & mask;
            index[i] = at;
            uint counter = Unsafe.Add(ref counters, at);
            int known = counter == 0 ? expectedOdds : LogisticTables.OddsOfCoarse(counter >> CoarseShift);
            odds[i] = known;
            sum += (long)known * weights[i];
        }

        _probability = Math.Clamp(LogisticTables.Probability((int)Math.Clamp(sum >> 16, -LogisticTables.Largest, LogisticTables.Largest)), Least, 65536 - Least);
        return _probability;
    }

    /// <summary>Learns the bit of the last prediction.</summary>
    public void Learn(int bit)
    {
        // An error of 16 bits by odds of 11 and a small rate: 31 bits.
        int error = ((bit << 16) - _probability) * LearningRate, goal = (bit << 22) - bit;
        var weights = _weights.AsSpan(_set, Inputs);
        var odds = _odds.AsSpan(0, Inputs);
        var index = _index.AsSpan(0, MostContexts)[.._count];
        ref uint counters = ref MemoryMarshal.GetArrayDataReference(_counters);
        ref int rates = ref MemoryMarshal.GetArrayDataReference(Rates);
        for (int i = 0; i < index.Length; i++)
        {
            weights[i] += ((odds[i] * error) + (1 << (LearningShift - 1))) >> LearningShift;
            ref uint counter = ref Unsafe.Add(ref counters, index[i]);
            if (counter == 0)
                counter = ((uint)_expected << 16) | FirstCount;
            int n = (int)(counter & CountMask), p = (int)(counter >> CountBits);
            p += (int)(((long)(goal - p) * Unsafe.Add(ref rates, n)) >> 16);
            counter = ((uint)p << CountBits) | (uint)Math.Min(n + 1, Slowest);
        }

        weights[MostContexts] += ((odds[MostContexts] * error) + (1 << (LearningShift - 1))) >> LearningShift;
    }
}
