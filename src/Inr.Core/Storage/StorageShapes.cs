namespace Inr;

/// <summary>Counts and checks that the kinds of storage share.</summary>
internal static class StorageShapes
{
    /// <summary>The count of numbers of a shape.</summary>
    /// <exception cref="ArgumentException">A size is negative, or the count has more than 63 bits.</exception>
    public static long Count(IReadOnlyList<long> shape)
    {
        long count = 1;
        bool isEmpty = false;
        foreach (long n in shape)
        {
            if (n < 0 || (n > 0 && count > long.MaxValue / n))
                throw new ArgumentException($"The shape {Shapes.List(shape)} is none: it has a negative size, or too many numbers.", nameof(shape));
            isEmpty |= n == 0;
            count *= Math.Max(n, 1);
        }

        return isEmpty ? 0 : count;
    }

    /// <summary>The bytes of a part.</summary>
    /// <exception cref="FormatException">It is no list of bytes, or has more than an array holds.</exception>
    public static byte[] Bytes(Tensor part, string name) => part.dtype == ScalarType.Byte && part.dim() == 1 && part.numel() <= Array.MaxLength
        ? part.numel() == 0 ? [] : part.cpu().contiguous().bytes.ToArray()
        : throw new FormatException($"its part '{name}' is {part.dtype} {Shapes.Text(part)}; it must be a list of at most {Array.MaxLength} bytes.");

    /// <summary>The count of numbers of a shape that codes or a mask are kept for.</summary>
    /// <exception cref="FormatException">An array cannot hold so many.</exception>
    public static int ArrayCount(IReadOnlyList<long> shape)
    {
        long count = Count(shape);
        return count <= Array.MaxLength ? (int)count : throw new FormatException($"{Shapes.List(shape)} has {count} numbers; at most {Array.MaxLength} can be kept this way.");
    }

    /// <summary>Requires floating-point numbers.</summary>
    public static void RequireNumbers(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!tensor.is_floating_point())
            throw new ArgumentException($"Only floating-point numbers are stored; the tensor is {tensor.dtype}.", nameof(tensor));
    }
}
