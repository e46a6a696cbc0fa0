using System.Globalization;
using Inr.Parameterizations;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The memory that a fit takes beside its signal, estimated before it starts.</summary>
/// <param name="Bytes">Bytes.</param>
internal readonly record struct MemoryNeed(double Bytes)
{
    /// <summary>What a table, an allocator and its allowances take for each box.</summary>
    private const double BytesPerBox = 12 + 13 + 8 + 2;

    /// <summary>Of a fit on a grid: planes, boxes, gains of the chosen leaves, scratch memory of the threads, tables of cosines.</summary>
    /// <param name="shape">Samples of the grid on each axis.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="options">The sides of the boxes.</param>
    /// <param name="threads">Threads.</param>
    public static MemoryNeed OfGrid(int[] shape, int channels, PiecewiseSearchOptions options, int threads)
    {
        double values = (double)channels * shape.Aggregate(1.0, (p, n) => p * n), boxes = 1, largest = 1;
        foreach (int n in shape)
        {
            double intervals = 0;
            for (long side = options.MinSide; side <= options.MaxSide; side *= 2)
                intervals += Math.Ceiling((double)n / side);
            boxes *= intervals;
            largest *= Math.Min(n, options.MaxSide);
        }

        const double LanesOfAThread = 3 * Lanes.Width * sizeof(float), BytesPerCosine = (2 * sizeof(double)) + sizeof(float);
        double side2 = Math.Pow(Math.Min(shape.Max(), options.MaxSide), 2);
        return new MemoryNeed((values * (sizeof(float) + sizeof(double))) + (boxes * BytesPerBox) + (threads * largest * channels * LanesOfAThread) + (side2 * BytesPerCosine));
    }

    /// <summary>Of a fit to scattered or noisy samples, which keeps what every term of every box explains.</summary>
    /// <param name="signal">The samples.</param>
    /// <param name="cuts">Whether boxes may be cut.</param>
    public static MemoryNeed OfSamples(Signal signal, bool cuts)
    {
        // A term for every third sample and channel, four orders, some eight sizes of boxes; the two sides of a cut take as much again.
        const double BytesPerValue = 80;
        double values = (double)signal.SampleCount * signal.Channels, places = (double)signal.SampleCount * signal.InputDimension;
        return new MemoryNeed((values * BytesPerValue * (cuts ? 2 : 1)) + (places * (sizeof(float) + (2 * sizeof(double)))));
    }

    /// <summary>Of a fit of a partition with a fixed number of sets.</summary>
    /// <param name="signal">The samples.</param>
    /// <param name="threads">Threads.</param>
    public static MemoryNeed OfPartition(Signal signal, int threads)
    {
        // Planes, what each term of each set explains, labels; and for each thread the columns of one set.
        const double BytesPerValue = 36, BytesPerSample = 24, BytesPerPlace = 20, BytesOfAThread = 1 << 27;
        double samples = signal.SampleCount;
        return new MemoryNeed((samples * signal.Channels * BytesPerValue) + (samples * BytesPerSample) + (samples * signal.InputDimension * BytesPerPlace) + (threads * BytesOfAThread));
    }

    /// <summary>Of block cosines: planes, and the corners of the curves of two sides.</summary>
    /// <param name="shape">Samples of the grid on each axis.</param>
    /// <param name="channels">Channels.</param>
    public static MemoryNeed OfBlockCosine(int[] shape, int channels) => new(8 * channels * shape.Aggregate(1.0, (p, n) => p * n));

    /// <summary>Of one cosine expansion over a grid: a channel in double precision, the order of its frequencies, and the terms that the budget can hold.</summary>
    /// <param name="shape">Samples of the grid on each axis.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="budget">The numbers that prefixes may hold.</param>
    public static MemoryNeed OfGlobalCosine(int[] shape, int channels, int budget)
    {
        const double ScratchBytes = 1 << 26;
        double samples = shape.Aggregate(1.0, (p, n) => p * n);
        // A Fourier transform of a long line whose length has no useful divisor works on several lines of more than twice the length.
        double each = shape.Length > 1 || LongSpectrum.Rows(shape[0]) > 1 ? 12 : 180;
        return new MemoryNeed((samples * each) + (Math.Min(samples, budget) * channels * sizeof(double)) + ScratchBytes);
    }

    /// <summary>Requires that the memory is there.</summary>
    /// <param name="what">What needs it: the start of the message.</param>
    /// <param name="advice">What to do instead: its end.</param>
    /// <exception cref="InrException">It is not.</exception>
    public void Require(string what, string advice) => Require(what, advice, Free());

    /// <summary>Requires that the memory is there.</summary>
    /// <param name="what">What needs it: the start of the message.</param>
    /// <param name="advice">What to do instead: its end.</param>
    /// <param name="free">The bytes that are free.</param>
    /// <exception cref="InrException">They are too few.</exception>
    public void Require(string what, string advice, double free)
    {
        if (Bytes > free)
            throw new InrException($"{what} needs about {Text(Bytes)} of memory beside the signal, and {Text(free)} are free. {advice}");
    }

    // What the machine, or the container, has, less what the process holds.
    private static double Free() => Math.Max(0, (double)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet);

    private static string Text(double bytes) => bytes >= 1e9
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");
}
