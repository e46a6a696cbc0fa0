using System.Collections.Concurrent;
using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>The frequencies of blocks in the order of |u|, u in cycles per sample: what a prefix of a <see cref="BlockCosineTarget"/> counts along.</summary>
/// <remarks>A grid has at most 2^d block shapes. Their orders live as long as the fit or the reading that needs them.</remarks>
/// <param name="most">The longest prefix that is asked for; the frequencies behind it are left out.</param>
internal sealed class BlockOrders(int most = int.MaxValue)
{
    private readonly ConcurrentDictionary<BoxShape, int[]> _orders = new();

    /// <summary>The row-major numbers of the frequencies of a block, lowest first.</summary>
    /// <param name="size">Samples on each axis, 1 to 3 axes.</param>
    public int[] Get(int[] size) => _orders.GetOrAdd(BoxShape.Of(size), _ => FrequencyOrder.Lowest(size, most));
}
