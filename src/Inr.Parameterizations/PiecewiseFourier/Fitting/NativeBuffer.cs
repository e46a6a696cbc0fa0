using System.Runtime.InteropServices;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Numbers outside the managed heap: as many as memory holds, and given back at once.</summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private T* _start;

    /// <param name="length">How many numbers; their values are undefined.</param>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public NativeBuffer(long length)
    {
        Length = length;
        _start = (T*)NativeMemory.Alloc(checked((nuint)length), (nuint)sizeof(T));
    }

    ~NativeBuffer() => Free();

    /// <summary>How many numbers.</summary>
    public long Length { get; }

    /// <summary>One number.</summary>
    public ref T this[long index] => ref _start[index];

    /// <summary>Some of the numbers.</summary>
    public Span<T> Span(long first, int count)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Length - count);
        return new Span<T>(_start + first, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(_start);
        _start = null;
    }
}
