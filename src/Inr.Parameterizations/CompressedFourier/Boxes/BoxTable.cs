using System.Collections.Concurrent;

namespace Inr.Parameterizations.CompressedFourier;

/// <summary>What the coding of a box needs to know about its shape: the order of the coefficients and their classes.</summary>
internal sealed class BoxTable
{
    /// <summary>Octaves of frequency that means are kept for, on an axis.</summary>
    public const int Bands = 7;

    /// <summary>Classes of frequency.</summary>
    public const int FrequencyClasses = 8;

    /// <summary>The most classes of a count of coefficients.</summary>
    public const int CountClasses = 26;

    private static readonly int[] ClassEnds = MakeClassEnds();

    private static readonly ConcurrentDictionary<(int, int), BoxTable> Tables = new();

    private BoxTable(int logWidth, int logHeight)
    {
        LogWidth = logWidth;
        LogHeight = logHeight;
        int w = 1 << logWidth, h = 1 << logHeight, area = w * h;
        // Exact in whole numbers: u/w + v/h, ties by u.
        Order = [.. Enumerable.Range(0, area).OrderBy(p => ((p % w) * h) + ((p / w) * w)).ThenBy(p => p % w).Select(p => (ushort)p)];
        Band = new byte[area];
        Frequency = new byte[area];
        Low = new byte[area];
        Sum = new byte[area];
        BandSizes = new int[Bands * Bands];
        for (int p = 0; p < area; p++)
        {
            int u = p % w, v = p / w;
            Band[p] = (byte)((Octave(v, logHeight) * Bands) + Octave(u, logWidth));
            BandSizes[Band[p]]++;
            Frequency[p] = (byte)((u + v) switch { 0 => 0, 1 => 1, 2 => 2, <= 4 => 3, <= 7 => 4, <= 12 => 5, <= 20 => 6, _ => 7 });
            Low[p] = (byte)((Math.Min(v, 7) * 8) + Math.Min(u, 7));
            Sum[p] = (byte)Math.Min(u + v, 15);
        }

        ClassCount = 1;
        while (ClassEnd(ClassCount - 1) < area)
            ClassCount++;
    }

    public int LogWidth { get; }

    public int LogHeight { get; }

    public int Area => Order.Length;

    /// <summary>The place v·w + u of every coefficient, from low to high frequency.</summary>
    public ushort[] Order { get; }

    /// <summary>The band of a place: octaves of v and u.</summary>
    public byte[] Band { get; }

    /// <summary>How many places a band has.</summary>
    public int[] BandSizes { get; }

    /// <summary>The class of u + v of a place.</summary>
    public byte[] Frequency { get; }

    /// <summary>The exact low frequencies of a place.</summary>
    public byte[] Low { get; }

    /// <summary>u + v of a place, 15 at the most.</summary>
    public byte[] Sum { get; }

    /// <summary>Classes of the count of coefficients of a box.</summary>
    public int ClassCount { get; }

    public static BoxTable For(int logWidth, int logHeight) => Tables.GetOrAdd((logWidth, logHeight), static k => new BoxTable(k.Item1, k.Item2));

    /// <summary>How many coefficients a class holds: 0, 1, 2, 3, 4, 6, 8, 12, 16, …</summary>
    public static int ClassEnd(int index) => ClassEnds[index];

    /// <summary>The least class that holds a count.</summary>
    public static int ClassOf(int count)
    {
        int index = 0;
        while (ClassEnds[index] < count)
            index++;
        return index;
    }

    // The highest octave of a box of any width has the same number.
    private static int Octave(int u, int log) => Math.Max(0, Bands - 1 - log + (u == 0 ? 0 : 1 + int.Log2(u)));

    private static int[] MakeClassEnds()
    {
        var ends = new int[CountClasses];
        (ends[1], ends[2], ends[3]) = (1, 2, 3);
        for (int i = 4; i < ends.Length; i++)
            ends[i] = (i % 2 == 0 ? 4 : 6) << ((i - 4) / 2);
        return ends;
    }
}
