namespace Inr;

/// <summary>Parts of a data set, as data sets of their own that load from the whole.</summary>
public static class SignalDatasetExtensions
{
    /// <summary>The first signals; all where there are fewer.</summary>
    /// <param name="dataset">The whole.</param>
    /// <param name="count">How many, at least 0.</param>
    public static ISignalDataset Take(this ISignalDataset dataset, int count)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new SignalSubset(dataset, Enumerable.Range(0, Math.Min(count, dataset.Count)).ToArray());
    }

    /// <summary>All but the first signals; none where there are no more.</summary>
    /// <param name="dataset">The whole.</param>
    /// <param name="count">How many to leave out, at least 0.</param>
    public static ISignalDataset Skip(this ISignalDataset dataset, int count)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int skipped = Math.Min(count, dataset.Count);
        return new SignalSubset(dataset, Enumerable.Range(skipped, dataset.Count - skipped).ToArray());
    }

    /// <summary>Splits the signals at random into those to learn from and those to judge on.</summary>
    /// <param name="dataset">The whole, of at least two signals.</param>
    /// <param name="heldOutFraction">The share of the signals to hold out, in (0,1).</param>
    /// <param name="seed">The same seed gives the same split.</param>
    /// <returns>Two parts of at least one signal each, both in the order of the whole.</returns>
    /// <exception cref="ArgumentException">The data set has fewer than two signals, or the fraction is out of range.</exception>
    public static (ISignalDataset Training, ISignalDataset HeldOut) Split(this ISignalDataset dataset, double heldOutFraction, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (!(heldOutFraction is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(heldOutFraction), heldOutFraction, "The held-out fraction lies between 0 and 1, both excluded.");
        if (dataset.Count < 2)
            throw new ArgumentException($"A data set of {dataset.Count} signals cannot be split; it needs at least 2.", nameof(dataset));

        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        int heldOut = (int)Math.Clamp(Math.Round(dataset.Count * heldOutFraction), 1, dataset.Count - 1);
        var order = randperm(dataset.Count, device: CPU, generator: generator).data<long>().Select(i => (int)i).ToArray();
        return (new SignalSubset(dataset, Sorted(order[heldOut..])), new SignalSubset(dataset, Sorted(order[..heldOut])));
    }

    private static int[] Sorted(int[] indices)
    {
        Array.Sort(indices);
        return indices;
    }
}
