using System.Runtime.InteropServices;

namespace Inr.Parameterizations.Engine;

/// <summary>Floats at the start of a cache line, outside the garbage collector.</summary>
internal sealed unsafe class AlignedMemory
{
    private const int LineBytes = 64;

    private float* _start;
    private nuint _count;

    ~AlignedMemory() => NativeMemory.AlignedFree(_start);

    /// <summary>At least so many floats; zeros where they are new, else what was there.</summary>
    public float* AtLeast(nint count)
    {
        if ((nuint)count <= _count)
            return _start;
        NativeMemory.AlignedFree(_start);
        _start = null;
        _count = 0;
        _start = (float*)NativeMemory.AlignedAlloc(checked((nuint)count * sizeof(float)), LineBytes);
        NativeMemory.Clear(_start, (nuint)count * sizeof(float));
        _count = (nuint)count;
        return _start;
    }
}
