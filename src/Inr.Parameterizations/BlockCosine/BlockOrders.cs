using System.Collections.Concurrent;
using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>The frequencies of blocks in the order of |u|, u in cycles per sample: what a prefix of a <see cref="BlockCosineTarget"/> counts along.</summary>
/// <remarks>A grid has at most 2^d block shapes. Their orders live as long as the fit or the reading that needs them.</remarks>
internal sealed class BlockOrders
{
    private readonly ConcurrentDictionary<BoxShape, int[]> _orders = new();

    /// <summary>The row-major numbers of the frequencies of a block, lowest first.</summary>
    /// <param name="size">Samples on each axis, 1 to 3 axes.</param>
    public int[] Get(int[] size) => _orders.GetOrAdd(BoxShape.Of(size), static (_, n) => Sort(n), size);

    private static int[] Sort(int[] size)
    {
        int count = size.Aggregate(1, (p, n) => p * n);
        var key = new double[count];
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            int rest = i;
            for (int a = size.Length - 1; a >= 0; a--)
            {
                double u = (double)(rest % size[a]) / size[a];
                sum += u * u;
                rest /= size[a];
            }

            // Ties go to the smaller row-major index, on every machine.
            key[i] = Math.Round(Math.Sqrt(sum), 9) + (1e-10 * i / count);
        }

        var order = Enumerable.Range(0, count).ToArray();
        Array.Sort(key, order);
        return order;
    }
}
