namespace Inr.Meta;

/// <summary>A view of a storage, checked to lie inside it; the numbers are read when asked for.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>The most axes.</summary>
    public const int MaxRank = 8;

    /// <summary>Checks a view.</summary>
    /// <exception cref="FormatException">It reaches outside the storage, or repeats numbers to look larger than it.</exception>
    public static PickledTensor Create(PickledStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || shape.Length > MaxRank || offset < 0 || shape.Any(n => n < 0) || strides.Any(n => n < 0))
            throw new FormatException($"a tensor has the shape {Shapes.List(shape)}, the strides {Shapes.List(strides)} and the offset {offset}.");
        try
        {
            // An axis of 0 counts as 1 until the end, as libtorch multiplies strides.
            long product = shape.Aggregate(1L, (product, n) => checked(product * Math.Max(1, n)));
            long count = shape.Contains(0) ? 0 : product;
            long last = checked(offset + shape.Zip(strides, (n, stride) => checked(Math.Max(0, n - 1) * stride)).Sum());
            if (count > storage.Count || (count > 0 && last >= storage.Count))
                throw new FormatException($"a tensor of shape {Shapes.List(shape)} reaches outside its {storage.Count} numbers.");
        }
        catch (OverflowException)
        {
            throw new FormatException($"a tensor claims the shape {Shapes.List(shape)}.");
        }

        return new PickledTensor(storage, offset, shape, strides);
    }

    /// <summary>How many numbers lie from the first to the last one of the view, both included; 0 for an empty one.</summary>
    public long Span => Shape.Contains(0) ? 0 : 1 + Shape.Zip(Strides, (n, stride) => (n - 1) * stride).Sum();
}
