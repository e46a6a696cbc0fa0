using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Inr.Parameterizations.Engine;

/// <summary>Where the numbers of a tensor lie.</summary>
internal static unsafe class TensorAddress
{
    /// <summary>The address of the first number.</summary>
    /// <param name="tensor">On the CPU, float32, contiguous, and not empty; it must outlive the use of the address.</param>
    public static float* Of(Tensor tensor)
    {
        if (tensor.numel() <= int.MaxValue / sizeof(float))
            return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
        // A span of bytes ends at 2 GB; that of the first number begins where that of all would.
        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1);
        return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
