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
    private const int Slowest = 255;
    private const int FirstCount = 2;
    private const int WeightOne = 1 << 16;
    private const int LearningRate = 6;
    private const int LearningShift = 18;
    private const int Least = 48;

    private static readonly int[] Rates = [.. Enumerable.Range(0, Slowest + 1).Select(n => 655360 / ((10 * n) + 16))];

    private readonly uint[] _counters;
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
        _counters = new uint[counters];
        _weights = new int[sets * Inputs];
        for (int i = 0; i < _weights.Length; i++)
            _weights[i] = i % Inputs < inputs ? WeightOne * 9 / (8 * inputs) : 0;
    }

    /// <summary>The probability that the next bit is 1, in units of 2⁻¹⁶.</summary>
    /// <param name="contexts">The counters of the bit.</param>
    /// <param name="set">The weights of the bit.</param>
    /// <param name="expected">What a counter says that has seen nothing: a probability in units of 2⁻¹⁶.</param>
    public int Predict(ReadOnlySpan<int> contexts, int set, int expected)
    {
        _count = contexts.Length;
        _set = set * Inputs;
        _expected = expected;
        int expectedOdds = LogisticTables.OddsOf(expected);
        long sum = 0;
        for (int i = 0; i < contexts.Length; i++)
        {
            _index[i] = contexts[i];
            uint counter = _counters[contexts[i]];
            int odds = counter == 0 ? expectedOdds : LogisticTables.OddsOf((int)(counter >> 16));
            _odds[i] = odds;
            sum += (long)odds * _weights[_set + i];
        }

        _odds[MostContexts] = expectedOdds;
        sum += (long)expectedOdds * _weights[_set + MostContexts];
        _probability = Math.Clamp(LogisticTables.Probability((int)Math.Clamp(sum >> 16, -LogisticTables.Largest, LogisticTables.Largest)), Least, 65536 - Least);
        return _probability;
    }

    /// <summary>Learns the bit of the last prediction.</summary>
    public void Learn(int bit)
    {
        int error = (bit << 16) - _probability;
        for (int i = 0; i < _count; i++)
        {
            _weights[_set + i] += Change(_odds[i], error);
            ref uint counter = ref _counters[_index[i]];
            if (counter == 0)
                counter = ((uint)_expected << 16) | FirstCount;
            int n = (int)(counter & ((1 << CountBits) - 1)), p = (int)(counter >> CountBits);
            p += (int)(((long)((bit << 22) - bit - p) * Rates[n]) >> 16);
            counter = ((uint)p << CountBits) | (uint)Math.Min(n + 1, Slowest);
        }

        _weights[_set + MostContexts] += Change(_odds[MostContexts], error);
    }

    private static int Change(int odds, int error) => (int)((((long)odds * error * LearningRate) + (1 << (LearningShift - 1))) >> LearningShift);
}
