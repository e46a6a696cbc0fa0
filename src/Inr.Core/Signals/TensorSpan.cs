using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Inr;

/// <summary>The memory of a tensor as a span: numbers go in and out without an array in between.</summary>
internal static class TensorSpan
{
    /// <summary>The numbers of a tensor in row-major order.</summary>
    /// <param name="tensor">On the CPU, contiguous, of the type <typeparamref name="T"/>; it must outlive the span.</param>
    public static unsafe Span<T> Of<T>(Tensor tensor)
        where T : unmanaged
    {
        long count = tensor.numel();
        if (count == 0)
            return [];
        // TorchSharp's own span of bytes ends at 2 GB; this one begins where that of the first number does.
        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1);
        if (first.bytes.Length != sizeof(T))
            throw new ArgumentException($"A tensor of {tensor.dtype} does not hold {typeof(T).Name}.", nameof(tensor));
        return new Span<T>(Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes)), checked((int)count));
    }
}
