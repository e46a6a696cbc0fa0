namespace Inr;

/// <summary>Checks of the numbers that name samples of a signal, before native code sees them.</summary>
internal static class SampleIndices
{
    /// <summary>Requires shape [M] and int64.</summary>
    public static void RequireShape(Tensor indices)
    {
        if (indices.dim() != 1 || indices.dtype != ScalarType.Int64)
            throw new ArgumentException($"indices must have the shape [M] and be Int64; they are {indices.dtype} {Shapes.Text(indices)}.", nameof(indices));
    }

    /// <summary>Requires every index in [0, count): where it is not, a GPU would be lost for the whole process.</summary>
    public static void RequireInside(Tensor indices, long count)
    {
        RequireShape(indices);
        if (indices.numel() == 0 || indices.device_type == DeviceType.META)
            return;
        using var scope = NewDisposeScope();
        long low = indices.min().item<long>();
        long high = indices.max().item<long>();
        if (low < 0 || high >= count)
            throw Outside(low < 0 ? low : high, count, nameof(indices));
    }

    /// <summary>The refusal of an index.</summary>
    public static ArgumentOutOfRangeException Outside(long index, long count, string indices) =>
        new(indices, index, $"The signal has {count} samples, so that an index lies between 0 and {count - 1}.");
}
