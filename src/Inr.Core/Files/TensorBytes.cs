namespace Inr.Files;

/// <summary>Moves the numbers of tensors from and to streams in bulk, little-endian as every format here has them.</summary>
public static class TensorBytes
{
    /// <summary>More axes than any real tensor; it bounds what a hostile shape can ask of libtorch.</summary>
    public const int MaxRank = 32;

    // A span holds at most 2 GB, so that a larger tensor goes in pieces.
    private const long ElementsPerPiece = 1 << 27;

    /// <summary>The bytes that a shape takes, or null where the count or a stride would overflow.</summary>
    /// <remarks>An axis of 0 counts as 1 until the end: libtorch multiplies strides that way, so [0, 2^62, 4] overflows too.</remarks>
    public static long? Count(IReadOnlyList<long> shape, int elementSize)
    {
        Int128 bytes = elementSize;
        bool isEmpty = false;
        foreach (long n in shape)
        {
            isEmpty |= n == 0;
            bytes *= Math.Max(n, 1);
            if (bytes > long.MaxValue)
                return null;
        }

        return isEmpty ? 0 : (long)bytes;
    }

    /// <summary>Reads a tensor from the current position. The shape must have been checked against the length of the stream.</summary>
    /// <returns>A tensor on the CPU; it belongs to the caller's dispose scope.</returns>
    /// <exception cref="EndOfStreamException">The stream is shorter than it said.</exception>
    public static Tensor Read(Stream stream, ScalarType type, ReadOnlySpan<long> shape)
    {
        RequireLittleEndian();
        using var scope = NewDisposeScope();
        // A bool that holds 2 is undefined in C++: read bytes, then let libtorch map whatever is not 0 to true.
        var tensor = empty(shape, type == ScalarType.Bool ? ScalarType.Byte : type, CPU);
        foreach (var piece in Pieces(tensor))
            stream.ReadExactly(piece.bytes);
        return (type == ScalarType.Bool ? tensor.to(ScalarType.Bool) : tensor).MoveToOuterDisposeScope();
    }

    /// <summary>Writes a tensor of any device and any strides in row-major order.</summary>
    public static void Write(Stream stream, Tensor tensor)
    {
        RequireLittleEndian();
        using var scope = NewDisposeScope();
        foreach (var piece in Pieces(tensor.detach().to(CPU).resolve_neg().contiguous()))
            stream.Write(piece.bytes);
    }

    private static IEnumerable<Tensor> Pieces(Tensor tensor)
    {
        long count = tensor.numel();
        if (count == 0)
            yield break;
        var flat = tensor.view(-1);
        for (long start = 0; start < count; start += ElementsPerPiece)
            yield return flat.narrow(0, start, Math.Min(ElementsPerPiece, count - start));
    }

    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Tensor files hold little-endian numbers, and this machine is big-endian.");
    }
}
